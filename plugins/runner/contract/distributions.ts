/**
 * Which package provides a module with a different name, and which modules Python's
 * standard library no longer has: for advice on an import that fails. A module that
 * is not listed has the same name as its package.
 */

/** By the module's first name. */
const DISTRIBUTIONS: Readonly<Record<string, string>> = {
  attr: 'attrs',
  bs4: 'beautifulsoup4',
  Crypto: 'pycryptodome',
  cv2: 'opencv-python',
  dateutil: 'python-dateutil',
  docx: 'python-docx',
  dotenv: 'python-dotenv',
  fitz: 'pymupdf',
  git: 'gitpython',
  jose: 'python-jose',
  jwt: 'pyjwt',
  ldap: 'python-ldap',
  lxml_html_clean: 'lxml-html-clean',
  magic: 'python-magic',
  mpl_toolkits: 'matplotlib',
  MySQLdb: 'mysqlclient',
  OpenSSL: 'pyopenssl',
  PIL: 'pillow',
  pkg_resources: 'setuptools',
  pptx: 'python-pptx',
  psycopg2: 'psycopg2-binary',
  pylab: 'matplotlib',
  pythoncom: 'pywin32',
  serial: 'pyserial',
  skimage: 'scikit-image',
  sklearn: 'scikit-learn',
  slugify: 'python-slugify',
  telegram: 'python-telegram-bot',
  usb: 'pyusb',
  win32com: 'pywin32',
  yaml: 'pyyaml',
  zmq: 'pyzmq',
};

/** Modules removed from the standard library: the version that removed them, and a package that replaces them, if any. */
const REMOVED: Readonly<Record<string, readonly [version: string, distribution: string | null]>> = {
  aifc: ['3.13', 'standard-aifc'],
  asynchat: ['3.12', 'pyasynchat'],
  asyncore: ['3.12', 'pyasyncore'],
  audioop: ['3.13', 'audioop-lts'],
  cgi: ['3.13', 'legacy-cgi'],
  cgitb: ['3.13', 'legacy-cgi'],
  chunk: ['3.13', 'standard-chunk'],
  crypt: ['3.13', 'legacycrypt'],
  distutils: ['3.12', 'setuptools'],
  imghdr: ['3.13', 'standard-imghdr'],
  imp: ['3.12', null],
  lib2to3: ['3.13', null],
  mailcap: ['3.13', 'standard-mailcap'],
  nis: ['3.13', null],
  nntplib: ['3.13', 'standard-nntplib'],
  pipes: ['3.13', 'standard-pipes'],
  smtpd: ['3.12', 'standard-smtpd'],
  sndhdr: ['3.13', 'standard-sndhdr'],
  spwd: ['3.13', null],
  sunau: ['3.13', 'standard-sunau'],
  telnetlib: ['3.13', 'standard-telnetlib'],
  uu: ['3.13', 'standard-uu'],
  xdrlib: ['3.13', 'standard-xdrlib'],
};

/** Only where Python runs on Windows. */
const WINDOWS = new Set(['_winapi', 'msvcrt', 'nt', 'winreg', 'winsound']);

/** The package that provides a module, as far as known; null if no package does. */
export function distributionOf(module: string): string | null {
  const first = module.split('.')[0]!;
  if (WINDOWS.has(first)) return null;
  const removed = REMOVED[first];
  return removed ? removed[1] : (DISTRIBUTIONS[first] ?? first.replaceAll('_', '-'));
}

/** A sentence on a module that was removed from Python, or exists only on Windows; null for all others. */
export function formerModule(module: string): string | null {
  const first = module.split('.')[0]!;
  if (WINDOWS.has(first)) return `${first} is part of Python on Windows only, and scripts run on Linux.`;
  const removed = REMOVED[first];
  return removed ? `${first} was removed from Python in ${removed[0]}.` : null;
}

/** The lines at the top of a script that declare packages, as inline script metadata (PEP 723). */
export function dependencyBlock(packages: readonly string[]): string {
  return `# /// script\n# dependencies = [${packages.map((each) => JSON.stringify(each)).join(', ')}]\n# ///`;
}
