/** Node's `module`: there is nothing to require at run time. */
export const builtinModules: string[] = [];
export const createRequire = () => (name: string) => {
  throw new Error(`cannot require ${name} in the browser`);
};
export default { builtinModules, createRequire };
