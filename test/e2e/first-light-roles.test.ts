import { afterAll, beforeAll } from '@jest/globals';
import { startRoles } from '../support/running-roles.ts';
import {
  describeOnServers,
  openTestDatabase,
  openTestRedis,
  type TestDatabase,
  type TestRedis,
} from '../support/servers.ts';
import { firstLight } from './first-light.suite.ts';

describeOnServers('as processes of their own', () => {
  let redis: TestRedis;
  let database: TestDatabase;
  beforeAll(async () => {
    redis = openTestRedis();
    database = await openTestDatabase();
  });
  afterAll(async () => {
    await redis?.clean();
    await database?.drop();
  });
  firstLight('first light with two bots and two workers', (data) =>
    startRoles(data, { redis: redis.config, database: database.config }),
  );
});
