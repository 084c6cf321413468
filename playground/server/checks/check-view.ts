import { VIEW_BYTES, VIEW_PRIVATE_METADATA, VIEW_TITLE } from '../../../src/slack/limits.ts';
import type { ViewBody } from '../state/views.ts';
import { checkBlocks } from './check-blocks.ts';
import { checkText } from './check-elements.ts';
import { createReport, type JsonObject } from './report.ts';

export type CheckedView =
  | { readonly body: ViewBody }
  | { readonly error: 'view_too_large' | 'invalid_arguments'; readonly faults: readonly string[] };

/** A view as apps give it: https://docs.slack.dev/reference/views */
export const checkView = (view: JsonObject, type: 'modal' | 'home'): CheckedView => {
  if (Buffer.byteLength(JSON.stringify(view)) > VIEW_BYTES) return { error: 'view_too_large', faults: [] };
  const report = createReport();
  if (view.type !== type) report.fault('/view/type', `must be ${type}`);
  if (type === 'modal') checkText(report, '/view/title', view.title, VIEW_TITLE, true);
  for (const name of ['submit', 'close']) {
    if (view[name] !== undefined && view[name] !== null)
      checkText(report, `/view/${name}`, view[name], VIEW_TITLE, true);
  }
  const metadata = view.private_metadata;
  if (typeof metadata === 'string' && metadata.length > VIEW_PRIVATE_METADATA) {
    report.fault('/view/private_metadata', `must be less than ${VIEW_PRIVATE_METADATA + 1} characters`);
  }
  for (const name of ['callback_id', 'external_id']) {
    const value = view[name];
    if (value !== undefined && value !== '') report.text(`/view/${name}`, value, 255);
  }
  const blocks = view.blocks;
  const faults = [...report.faults];
  if (!Array.isArray(blocks)) faults.push('[ERROR] missing required field: blocks [json-pointer:/view]');
  else {
    faults.push(...checkBlocks(blocks, 'view', '/view/blocks').faults);
    if (type === 'modal' && blocks.some((block) => block?.type === 'input') && !view.submit) {
      faults.push('[ERROR] missing required field: submit [json-pointer:/view]');
    }
  }
  return faults.length > 0 ? { error: 'invalid_arguments', faults } : { body: view as ViewBody };
};
