import { describe, expect, it } from 'vitest';
import { contains, readNetwork } from '../../src/cloudflare/networks.ts';

describe('a network', () => {
  it.each([
    ['10.20.0.0/16', { family: 'ipv4', address: '10.20.0.0', prefix: 16 }],
    [' 10.20.0.5 ', { family: 'ipv4', address: '10.20.0.5', prefix: 32 }],
    ['fd00:20::/48', { family: 'ipv6', address: 'fd00:20::', prefix: 48 }],
    ['fd00:20::5', { family: 'ipv6', address: 'fd00:20::5', prefix: 128 }],
    ['0.0.0.0/0', { family: 'ipv4', address: '0.0.0.0', prefix: 0 }],
  ])('is read from “%s”', (text, network) => {
    expect(readNetwork(text)).toEqual(network);
  });

  it.each([
    '',
    'ocs.lantern.internal',
    '10.20.0.0/33',
    '10.20.0.0/',
    '10.20/16',
    '010.20.0.0/16',
    'fd00::/129',
    'fe80::1%eth0',
    '10.20.0.0/16/8',
    '10.20.0.0/-1',
  ])('is not read from “%s”', (text) => {
    expect(readNetwork(text)).toBeUndefined();
  });

  it.each([
    ['10.20.0.0/16', '10.20.0.5/32', true],
    ['10.20.0.0/16', '10.20.0.0/16', true],
    ['10.20.7.9/16', '10.20.0.0/24', true],
    ['10.20.0.0/15', '10.21.255.255', true],
    ['10.20.0.0/15', '10.22.0.0', false],
    ['10.20.0.0/16', '10.20.0.0/15', false],
    ['10.20.0.0/16', '10.2.0.0/16', false],
    ['0.0.0.0/0', '203.0.113.9', true],
    ['10.20.0.5/32', '10.20.0.5', true],
    ['10.20.0.5/32', '10.20.0.6', false],
    ['fd00:20::/31', 'fd00:21::1', true],
    ['fd00:20:0::/47', 'fd00:20:1:ffff::1', true],
    ['fd00:20:0::/47', 'fd00:20:2::1', false],
    ['::/0', 'fd00::1', true],
    ['::/0', '10.20.0.5', false],
    ['0.0.0.0/0', '::ffff:10.20.0.5', false],
  ])('%s holds %s: %s', (outer, inner, held) => {
    const [one, other] = [readNetwork(outer), readNetwork(inner)];
    if (one === undefined || other === undefined) throw new Error('no network');

    expect(contains(one, other)).toBe(held);
  });
});
