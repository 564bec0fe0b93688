import { STSClient } from '@aws-sdk/client-sts';
import { describe, expect, it } from 'vitest';
import { AWS_REGIONS, parseRoleArn, partitionOfRegion, regionProblem } from '../../../src/core/aws-names';

describe('regions', () => {
  it('lie in the partitions that the SDK puts them in', () => {
    const { endpointProvider } = new STSClient({ region: 'us-east-1' }).config;
    const suffixOf = (region: string) => endpointProvider({ Region: region }).url.host.replace(`sts.${region}.`, '');
    const home = {
      aws: 'us-east-1',
      'aws-cn': 'cn-north-1',
      'aws-us-gov': 'us-gov-west-1',
      'aws-eusc': 'eusc-de-east-1',
      'aws-iso': 'us-iso-east-1',
      'aws-iso-b': 'us-isob-east-1',
      'aws-iso-e': 'eu-isoe-west-1',
      'aws-iso-f': 'us-isof-south-1',
    };
    for (const { id, partition } of AWS_REGIONS) expect([id, suffixOf(id)]).toEqual([id, suffixOf(home[partition])]);
  });

  it('have a name, one each', () => {
    expect(new Set(AWS_REGIONS.map(({ name }) => name)).size).toBe(AWS_REGIONS.length);
    expect(AWS_REGIONS.find(({ id }) => id === 'us-east-1')?.name).toBe('US East (N. Virginia)');
  });

  it.each([
    ['us-east-1', 'aws'],
    ['eu-nowhere-12', 'aws'],
    ['cn-north-1', 'aws-cn'],
    ['us-gov-west-1', 'aws-us-gov'],
    ['eusc-de-east-1', 'aws-eusc'],
    ['us-iso-east-1', 'aws-iso'],
    ['us-isob-east-1', 'aws-iso-b'],
    ['eu-isoe-west-1', 'aws-iso-e'],
    ['us-isof-south-1', 'aws-iso-f'],
    ['us-east-1a', undefined],
    ['US-EAST-1', undefined],
    ['', undefined],
  ])('%j is of %s', (id, expected) => {
    expect(partitionOfRegion(id)).toBe(expected);
    expect(regionProblem(id) === undefined).toBe(expected !== undefined);
  });
});

describe('parseRoleArn', () => {
  it('gives the parts and where they stand', () => {
    const text = 'arn:aws-cn:iam::123456789012:role/team/data/Logger';
    const arn = parseRoleArn(text);
    expect(arn).toMatchObject({ partition: 'aws-cn', accountId: '123456789012', path: '/team/data/', name: 'Logger' });
    if ('problem' in arn) throw new Error(arn.problem);
    const shown = Object.values(arn.ranges).map(({ start, end }) => text.slice(start, end));
    expect(shown).toEqual(['aws-cn', '123456789012', 'role/team/data/Logger']);
  });

  it('gives the path of a role without one', () => {
    expect(parseRoleArn('arn:aws:iam::123456789012:role/Logger')).toMatchObject({ path: '/' });
  });

  it.each([
    ['11112222333', 'An account id has 12 digits, this one has 11.'],
    ['1111-2222-3333', 'An account id is written as 12 digits with nothing between them.'],
  ])('says what is wrong with the account id %s', (id, problem) => {
    expect(parseRoleArn(`arn:aws:iam::${id}:role/Logger`)).toMatchObject({ kind: 'account', problem });
  });
});
