/** The parameters of the call that is being typed. */
import * as monaco from 'monaco-editor/editor';
import type * as lsp from 'vscode-languageserver-protocol';
import { toMarkdown } from '../convert.ts';
import type { RegisterFeature } from './feature.ts';

export const registerSignatureHelp: RegisterFeature = (client, selector) => {
  const offered = client.capabilities.signatureHelpProvider;
  if (!offered) return null;
  return monaco.languages.registerSignatureHelpProvider(selector, {
    signatureHelpTriggerCharacters: offered.triggerCharacters,
    signatureHelpRetriggerCharacters: offered.retriggerCharacters,
    async provideSignatureHelp(model, position, token, { triggerKind, triggerCharacter, isRetrigger }) {
      const context = { triggerKind, triggerCharacter, isRetrigger };
      const help = await client.requestAt<lsp.SignatureHelp>('textDocument/signatureHelp', model, position, token, { context });
      return help && { value: toSignatureHelp(help), dispose: () => undefined };
    },
  });
};

function toSignatureHelp(help: lsp.SignatureHelp): monaco.languages.SignatureHelp {
  return {
    activeSignature: help.activeSignature ?? 0,
    activeParameter: help.activeParameter ?? 0,
    signatures: help.signatures.map(toSignature),
  };
}

function toSignature(signature: lsp.SignatureInformation): monaco.languages.SignatureInformation {
  return {
    label: signature.label,
    documentation: toMarkdown(signature.documentation),
    activeParameter: signature.activeParameter ?? undefined,
    parameters: (signature.parameters ?? []).map(({ label, documentation }) => ({ label, documentation: toMarkdown(documentation) })),
  };
}
