import { InframeError } from '../../frame/errors.js';

/** A model on a hub. */
export interface HubId {
  /** `owner/name`, or a name alone. */
  readonly id: string;
  /** A branch, a tag or a commit. */
  readonly revision: string;
}

/** Names of owners and models, by the hub's own rules (`validate_repo_id` of huggingface_hub). */
const NAME = /^(?!.*(?:--|\.\.))[A-Za-z0-9_](?:[\w.-]{0,94}[A-Za-z0-9_])?$/;

/**
 * A text as the id of a model on a hub: `owner/name`, or `hf:owner/name@revision`, which says that no path is meant.
 *
 * @returns undefined for what is none, such as a path of three parts or to an `.onnx` file
 * @throws InframeError ARGUMENT_INVALID where `hf:` stands before what is none
 */
export function hubIdOf(text: string): HubId | undefined {
  const explicit = text.startsWith('hf:');
  const [id = '', revision = 'main', ...rest] = text.replace(/^hf:/, '').split('@');
  const parts = id.split('/');
  const valid = parts.length <= 2 && parts.every(part => NAME.test(part)) && rest.length === 0 && isRevision(revision);
  if (explicit && !valid) {
    throw new InframeError(
      'ARGUMENT_INVALID',
      `model '${text.slice(0, 200)}' is no id of a hub; write hf:owner/name or hf:owner/name@revision`,
    );
  }
  // A name alone, and what ends like a file, is far more likely a path that was misspelt.
  if (!valid || (!explicit && (parts.length !== 2 || text.includes('@') || /\.(?:onnx|json|bin)$/i.test(id))))
    return undefined;
  return { id, revision };
}

function isRevision(text: string): boolean {
  return /^[\w][\w./-]{0,199}$/.test(text) && !text.includes('..') && !text.endsWith('/');
}
