/**
 * The words that no prompt may hold unless VED_LLM_STOP_WORDS says otherwise.
 *
 * Each is something that has no business in a question about a script and is
 * rare in innocent ones: `token` alone is not here, because tokens are what
 * people who work on text count. How they are matched is in stop-words.ts.
 */
const SECRETS = [
  'password',
  'passwd',
  'passphrase',
  'secret',
  'credential',
  'api_key',
  'private_key',
  'ssh_key',
  'access_token',
  'auth_token',
  'bearer_token',
  'api_token',
];
const PERSONAL_AND_CLASSIFIED = ['confidential', 'social security number', 'credit card number'];
const DESTRUCTIVE = ['rm -rf', 'drop table', 'drop database', 'fork bomb'];
const MALICIOUS = [
  'malware',
  'ransomware',
  'keylogger',
  'reverse shell',
  'ignore previous instructions',
  'ignore all previous instructions',
];

export const DEFAULT_STOP_WORDS: readonly string[] = [...SECRETS, ...PERSONAL_AND_CLASSIFIED, ...DESTRUCTIVE, ...MALICIOUS];
