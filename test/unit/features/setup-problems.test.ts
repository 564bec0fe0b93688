import { describe, expect, it } from 'vitest';
import { folderSegment, projectName } from '../../../src/core/project/project-name';
import { bucketProblem, folderProblem, identitiesProblem, roleProblem } from '../../../src/features/setup/problems';

describe('what setup says as one types', () => {
  it.each([
    ['', 'needs a bucket'],
    ['s3://my-bucket/logs', 'my-bucket'],
    ['arn:aws:s3:::my-bucket', 'my-bucket'],
    ['my\u2011bucket', 'small letters'],
    ['MyBucket', 'capital'],
    ['ab', '3 to 63'],
  ])('of the bucket %j', (text, problem) => {
    expect(bucketProblem(text)).toContain(problem);
  });

  it.each(['', 's3://b/x', 'a b', 'a//b', 'logs/../x', 'x#y'])('of the folder %j', text => {
    expect(folderProblem(text)).toBeTruthy();
  });

  it.each([
    ['', undefined],
    ['a role', undefined],
    ['x'.repeat(65), undefined],
    ['arn:aws:iam::123456789012:user/me', undefined],
    ['arn:aws:iam::1234:role/me', undefined],
    ['arn:aws-cn:iam::123456789012:role/me', 'us-east-1'],
  ])('of the role %j beside the region %s', (text, region) => {
    expect(roleProblem(text, region)).toBeTruthy();
  });

  it.each(['', 'astro-deployment-role', 'arn:aws:iam::111122223333:root', 'arn:aws:iam::222233334444:role/logs'])(
    'of the identity %j',
    text => {
      expect(identitiesProblem(text, 'arn:aws:iam::222233334444:role/logs')).toBeTruthy();
    },
  );

  it('takes what is right', () => {
    expect(bucketProblem('my-bucket')).toBeUndefined();
    expect(folderProblem('/logs/my-project/')).toBeUndefined();
    expect(roleProblem('path/astro-logs')).toBeUndefined();
    expect(roleProblem('arn:aws:iam::222233334444:role/logs', 'us-east-1')).toBeUndefined();
    const two = 'arn:aws:iam::111122223333:role/a,\n arn:aws:iam::111122223333:role/b';
    expect(identitiesProblem(two, 'arn:aws:iam::222233334444:role/logs')).toBeUndefined();
  });
});

describe("the project's name", () => {
  it.each([
    ['project:\n  name: my-project\n', 'my-project'],
    ['# x\nproject:\r\n    name: "my project" # c\r\n', 'my project'],
    ['name: other\nproject:\n  duplicate_volumes: true\n  name: mine # here\n', 'mine'],
    ['project:\n  x: 1\nother:\n  name: not-this\n', undefined],
    ['project:\n  name:\n', undefined],
    ['', undefined],
  ])('%j', (text, name) => {
    expect(projectName(text)).toBe(name);
  });

  it.each([
    ['my project', 'my-project'],
    ['größe', 'gr-e'],
    ['..', 'my-project'],
    ['a.b_c-1', 'a.b_c-1'],
  ])('%s as a folder', (name, segment) => {
    expect(folderSegment(name)).toBe(segment);
  });
});
