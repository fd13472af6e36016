/**
 * The words that no prompt may contain unless VED_LLM_STOP_WORDS is set.
 *
 * None of them belongs in a question about a script, and all are rare in harmless
 * questions: `token` alone is not listed, because people who process text count
 * tokens. stop-words.ts matches them.
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
