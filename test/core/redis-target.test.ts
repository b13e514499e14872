import { describe, expect, it } from 'vitest';
import { parseRedisTarget } from '../../src/core/redis-target.ts';

/** Secrets opened, so that a target can be compared as a whole. */
function opened(url: string): unknown {
  const target = Object.entries(parseRedisTarget(url));
  return Object.fromEntries(
    target.map(([key, value]) => [key, typeof value === 'object' && 'reveal' in value ? value.reveal() : value]),
  );
}

describe('a Redis URL', () => {
  it.for<[string, object]>([
    ['redis://localhost', { kind: 'single', tls: false, address: { host: 'localhost', port: 6379 }, db: 0 }],
    [
      'rediss://bot:p%40ss:w@redis.example:6380/2',
      {
        kind: 'single',
        tls: true,
        username: 'bot',
        password: 'p@ss:w',
        address: { host: 'redis.example', port: 6380 },
        db: 2,
      },
    ],
    [
      'redis://:pw@[::1]:7000/',
      { kind: 'single', tls: false, password: 'pw', address: { host: '::1', port: 7000 }, db: 0 },
    ],
    [
      'redis+sentinel://:pw@one:26379,two/mymaster?db=3&sentinelPassword=a%2Bb',
      {
        kind: 'sentinel',
        tls: false,
        password: 'pw',
        sentinels: [
          { host: 'one', port: 26379 },
          { host: 'two', port: 26379 },
        ],
        masterName: 'mymaster',
        db: 3,
        sentinelPassword: 'a+b',
      },
    ],
    [
      'rediss+cluster://one:7001,two:7002',
      {
        kind: 'cluster',
        tls: true,
        nodes: [
          { host: 'one', port: 7001 },
          { host: 'two', port: 7002 },
        ],
      },
    ],
  ])('is read: %s', ([url, target]) => {
    expect(opened(url)).toEqual(target);
  });

  it.for<[string, string]>([
    ['localhost:6379', 'is not a Redis URL'],
    ['http://localhost', 'is not a Redis URL'],
    ['redis://', 'is not a Redis URL'],
    ['redis://localhost:port', 'has a host that is not of the form name:port'],
    ['redis://localhost:0', 'has a host that is not of the form name:port'],
    ['redis://localhost:70000', 'has a host that is not of the form name:port'],
    ['redis+cluster://one,,two', 'has a host that is not of the form name:port'],
    ['redis://one,two', 'names several hosts; that takes redis+sentinel:// or redis+cluster://'],
    ['redis://localhost/first', 'has a database that is not a number'],
    ['redis://localhost?family=6', 'has options after the question mark that are not known here'],
    ['redis+sentinel://one', 'lacks the name of the master after the sentinels, as in …:26379/mymaster'],
    ['redis+sentinel://one/a/b', 'lacks the name of the master after the sentinels, as in …:26379/mymaster'],
    ['redis+cluster://one/1', 'names a database, but a cluster has only database 0'],
    ['redis://:100%@localhost', 'has a percent sign that is not part of an encoded character: write %25'],
  ])('is refused: %s', ([url, says]) => {
    expect(() => parseRedisTarget(url)).toThrow(new Error(says));
  });
});
