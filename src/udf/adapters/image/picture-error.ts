/**
 * Why one row's picture cannot be used: a short reason, such as `the picture is cut off`. It is that row's misfortune (Rule 5), so it
 * is no `InframeError`: whoever reads the row decides what becomes of it.
 */
export class PictureError extends Error {
  override readonly name = 'PictureError';
}
