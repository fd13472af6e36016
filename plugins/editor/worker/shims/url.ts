/** Node's `url` over the platform's. */
const { URL, URLSearchParams } = globalThis;

const fileURLToPath = (url: string | URL) => decodeURIComponent(new URL(url).pathname);
const pathToFileURL = (path: string) => new URL(`file://${path}`);
const parse = (url: string) => (URL.canParse(url) ? new URL(url) : { protocol: null, pathname: url });

export { fileURLToPath, parse, pathToFileURL, URL, URLSearchParams };
export default { URL, URLSearchParams, fileURLToPath, pathToFileURL, parse };
