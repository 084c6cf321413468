import { createOnnxHost } from '../../src/onnx/host.ts';
import { startBotPart } from './bot-part.ts';
import { openGround, openRoleOperations, openRoleRecords, type RoleOptions } from './ground.ts';
import { openEmbedder } from './open-embedder.ts';
import { createStatus } from './status.ts';
import { findWorkspace } from './workspace.ts';

/** The Slack apps of this process, with their pumps; the work is done by others. */
export const startBotRole = async (role: RoleOptions & { readonly apps: readonly string[] }): Promise<void> => {
  const { config, paths, logger, closing } = role;
  const workspace = findWorkspace(config, paths.workspaceFile);
  // Nothing is embedded here: the embedder only says which vectors an index must have.
  const host = createOnnxHost({ log: logger });
  closing.add('models', () => host.close());
  const ground = await openGround(role, { embedder: await openEmbedder(config, host), reranking: null });
  const records = await openRoleRecords(role);
  const status = createStatus({ clock: role.clock, config, facts: ground.search.facts });
  const operations = await openRoleOperations(role, records);
  await startBotPart({ ...role, ...ground, ...operations, records, workspace, status });
  closing.add('readiness', operations.stop);
};
