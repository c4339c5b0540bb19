import { InframeError, shown } from '../errors.js';
import { Column, type ColumnOrValue, nameOf, toExpr } from '../expr.js';
import type { GetField, NamedStruct, Struct, WithField } from '../typed/struct-functions.js';
import { declared, labelled, structOf, text, toColumn, unlessNull } from './declare.js';

export const structs = {
  /** `struct(column, ...)`: one value of several columns, each a member under the column's name. */
  struct: declared<Struct>((...columns) => {
    const members = columns.map(column => {
      if (column instanceof Column) return [nameOf(column), column] as const;
      throw new InframeError(
        'ARGUMENT_INVALID',
        `member ${shown(column)} of struct() is not a column; use col('name'), or namedStruct({ name: value })`,
      );
    });
    return labelled('struct', columns, pack('struct', members));
  }),

  /** `namedStruct({ name: value, ... })`: one value of several, each a member under its name. */
  namedStruct: declared<NamedStruct>(members => {
    if (typeof members !== 'object' || members === null || members instanceof Column || Array.isArray(members)) {
      throw new InframeError(
        'ARGUMENT_INVALID',
        `argument ${shown(members)} of namedStruct() is not an object of names; write namedStruct({ name: value })`,
      );
    }
    const entries = Object.entries(members);
    return labelled('namedStruct', Object.values(members), pack('namedStruct', entries));
  }),

  /** `getField(struct, name)`: a member of a struct; `col('s').field('name')` is the same. */
  getField: declared<GetField>((struct, name) =>
    labelled('getField', [struct, name], toColumn(struct).field(text('getField', 'name', name))),
  ),

  /** `withField(struct, name, value)`: the struct with one more member, or with another value of one it has. */
  withField: declared<WithField>((struct, name, value) =>
    labelled(
      'withField',
      [struct, name, value],
      unlessNull(
        [toColumn(struct)],
        structOf('struct_update', [toColumn(struct).expr], { [text('withField', 'name', name)]: toExpr(value) }),
      ),
    ),
  ),
};

function pack(name: string, members: readonly (readonly [name: string, value: ColumnOrValue])[]): Column {
  if (members.length === 0) {
    throw new InframeError('ARGUMENT_INVALID', `${name}() has no members; give at least one`);
  }
  const folded = members.map(([member]) => member.toLowerCase());
  const twice = members.find((_, at) => folded.indexOf(folded[at]!) < at);
  if (twice !== undefined) {
    throw new InframeError(
      'ARGUMENT_INVALID',
      `member '${twice[0]}' of ${name}() is given twice (case does not count in names); give it once`,
    );
  }
  return structOf('struct_pack', [], Object.fromEntries(members.map(([member, value]) => [member, toExpr(value)])));
}
