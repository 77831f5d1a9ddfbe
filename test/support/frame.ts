import { createFrame, type Frame } from '../../src/provider/pages/frame.ts';

/** The appearance of the pages without configuration. */
export const plainFrame: Frame = createFrame({
  productName: 'Claimgate',
  logo: null,
  accentColor: {},
  supportLink: null,
});
