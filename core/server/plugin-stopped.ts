/** Why a plugin is to stop: the reason of its signal. The message is a sentence for a person. */
export class PluginStopped extends Error {
  override readonly name = 'PluginStopped';
}
