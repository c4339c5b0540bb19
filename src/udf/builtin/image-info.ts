import { InframeError, messageOf } from '../../frame/errors.js';
import { type PictureInfo, pictureInfo } from '../adapters/image/info.js';

/*
 * What pictures' headers say, as a function of batches. Only workers load this file: it loads what decodes pictures.
 */

/** The members of a batch's answer, one value a picture. */
interface Properties {
  readonly format: (string | null)[];
  readonly width: (number | null)[];
  readonly height: (number | null)[];
  readonly channels: (number | null)[];
  readonly orientation: (number | null)[];
  readonly error: (string | null)[];
}

/** What is no picture has a reason in `error`, and nothing else. */
export async function imageInfo({ image }: { readonly image: readonly Uint8Array[] }): Promise<Properties> {
  return columnsOf(await Promise.all(image.map(infoOrReason)));
}

/** The same; what is no picture stops the job. @throws InframeError SOURCE_UNREADABLE, naming the file */
export async function checkedImageInfo(columns: {
  readonly path: readonly string[];
  readonly image: readonly Uint8Array[];
}): Promise<Properties> {
  const all = await Promise.all(columns.image.map(infoOrReason));
  const wrong = all.findIndex(each => typeof each === 'string');
  if (wrong >= 0) {
    const file = columns.path[wrong]!;
    throw new InframeError(
      'SOURCE_UNREADABLE',
      `file '${file}' cannot be read as a picture: ${all[wrong]}; leave such files out with onUnreadable: 'drop', or keep them as rows with 'keep'`,
      { file },
    );
  }
  return columnsOf(all);
}

async function infoOrReason(bytes: Uint8Array): Promise<PictureInfo | string> {
  try {
    return await pictureInfo(bytes);
  } catch (error) {
    return messageOf(error);
  }
}

function columnsOf(all: readonly (PictureInfo | string)[]): Properties {
  const member = <K extends keyof PictureInfo>(name: K): (PictureInfo[K] | null)[] =>
    all.map(each => (typeof each === 'string' ? null : each[name]));
  return {
    format: member('format'),
    width: member('width'),
    height: member('height'),
    channels: member('channels'),
    orientation: member('orientation'),
    error: all.map(each => (typeof each === 'string' ? each : null)),
  };
}
