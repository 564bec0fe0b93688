import { describe, expect, it } from 'vitest';
import { folderSegment, projectName } from '../../../src/core/project/project-name';

describe('the name of a project', () => {
  it.each<[string, string]>([
    ['project:\n  name: my-project\n', 'my-project'],
    ['project:\r\n  name: my-project\r\n', 'my-project'],
    ['project:\r  name: my-project', 'my-project'],
    ['project : # c\n\tname : x', 'x'],
    ['project:\n# c\n\n  name: x\n', 'x'],
    ['project:\n  path: y\n  name: x\n  name: z\n', 'x'],
    ['a:\n  name: y\nproject:\n  name: x\n', 'x'],
    ['project:\n    name:   x   \n', 'x'],
    ['project:\n  name: x # c\n', 'x'],
    ['project:\n  name: x#y\n', 'x#y'],
    ['project:\n  name: a "b" c\n', 'a "b" c'],
    ['project:\n  name: "a # b" # c\n', 'a # b'],
    ["project:\n  name:  'a b' # 'c'\n", 'a b'],
    ['project:\n  name: " x "\n', 'x'],
  ])('in %j is %s', (yaml, name) => {
    expect(projectName(yaml)).toBe(name);
  });

  it.each([
    '',
    'name: x\n',
    'other:\n  name: x\n',
    'project:\n  path: y\nother:\n  name: x\n',
    'project: y\n  name: x\n',
    'my project:\n  name: x\n',
    '  project:\n  name: x\n',
    'project:\n  path: /a name: x\n',
    'project:\n  name:\n',
    'project:\n  name: # c\n',
    'project:\n  name: ""\n',
  ])('is not told by %j', yaml => {
    expect(projectName(yaml)).toBeUndefined();
  });
});

it.each([
  ['my-project', 'my-project'],
  ['a_b.c-9', 'a_b.c-9'],
  ['My  Project', 'My-Project'],
  ['a/../b', 'a-..-b'],
  ['--.a-.b..-', 'a-.b'],
  ['é', 'my-project'],
  ['...', 'my-project'],
  ['', 'my-project'],
])('%j as a folder is %s', (name, segment) => {
  expect(folderSegment(name)).toBe(segment);
});
