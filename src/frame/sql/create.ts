import type { Cursor } from './cursor.js';
import { isSymbol } from './cursor.js';
import { modelOptions } from './model-options.js';
import { parseOptions } from './options.js';
import { restAsQuery } from './query-text.js';
import type { CreateModel, CreateRelation, Statement } from './statement.js';
import type { Token } from './tokens.js';
import { unsupported } from './unsupported.js';

/** `CREATE MODEL`, `CREATE TABLE ... AS` or `CREATE VIEW ... AS`, from its first word on. */
export function parseCreate(cursor: Cursor): CreateModel | CreateRelation {
  const skipped = ['REPLACE', 'TEMP', 'TEMPORARY', 'OR'];
  let ahead = 1;
  while (skipped.some(word => isNext(cursor, ahead, word))) ahead += 1;
  const what = ['MODEL', 'TABLE', 'VIEW'].find(word => isNext(cursor, ahead, word));
  if (what === undefined) throw unsupported(cursor);
  const form =
    what === 'MODEL'
      ? "CREATE [OR REPLACE] MODEL [IF NOT EXISTS] name FROM 'file.onnx' [WITH (option = value, ...)]"
      : `CREATE [OR REPLACE] [TEMP] ${what} [IF NOT EXISTS] name AS SELECT ...`;
  cursor.reading(form);
  cursor.take();
  const replace = cursor.accept('OR', 'REPLACE');
  const temporary = what !== 'MODEL' && (cursor.accept('TEMP') || cursor.accept('TEMPORARY'));
  cursor.expect(what);
  const token = cursor.peek();
  const ifNotExists = cursor.accept('IF', 'NOT', 'EXISTS');
  if (replace && ifNotExists) {
    throw cursor.refuse(token, 'IF NOT EXISTS stands beside OR REPLACE', 'leave one of them out');
  }
  const name = cursor.expectName(`a name for the ${what.toLowerCase()}`);
  if (what === 'MODEL') return { ...parseModel(cursor, name), replace, ifNotExists };
  const kind = what === 'TABLE' ? 'createTable' : 'createView';
  return { kind, name, temporary, replace, ifNotExists, ...parseDefinition(cursor, what, name) };
}

function isNext(cursor: Cursor, ahead: number, word: string): boolean {
  const token: Token = cursor.peek(ahead);
  return token.kind === 'word' && token.value.toUpperCase() === word;
}

function parseModel(cursor: Cursor, name: string): Pick<CreateModel, 'kind' | 'name' | 'path' | 'options'> {
  cursor.expect('FROM');
  const path = cursor.expectText('the path of a file in quotes');
  const options = cursor.accept('WITH') ? modelOptions(cursor, parseOptions(cursor, true)) : Object.freeze({});
  cursor.expectEnd();
  return { kind: 'createModel', name, path, options };
}

function parseDefinition(cursor: Cursor, what: string, name: string): Pick<CreateRelation, 'columns' | 'query'> {
  let columns: string[] | undefined;
  if (cursor.acceptSymbol('(')) {
    columns = [];
    do {
      columns.push(cursor.expectName('the name of a column'));
      const token = cursor.peek();
      if (!isSymbol(token, ',') && !isSymbol(token, ')')) {
        throw cursor.refuse(
          token,
          `'${token.text}' stands where ',' or ')' is expected`,
          `the types of ${what.toLowerCase()} '${name}' are those of its query: write CREATE ${what} name (columns) AS SELECT ...`,
        );
      }
    } while (cursor.acceptSymbol(','));
    cursor.expectSymbol(')');
  }
  cursor.expect('AS');
  return { columns: columns && Object.freeze(columns), query: restAsQuery(cursor) };
}

/** `DROP MODEL`, `DROP TABLE` or `DROP VIEW`, from its first word on. */
export function parseDrop(cursor: Cursor): Statement {
  const what = ['MODEL', 'TABLE', 'VIEW'].find(word => cursor.sees('DROP', word));
  if (what === undefined) throw unsupported(cursor);
  cursor.reading(`DROP ${what} [IF EXISTS] name`);
  cursor.accept('DROP', what);
  const ifExists = cursor.accept('IF', 'EXISTS');
  const name = cursor.expectName(`the name of a ${what.toLowerCase()}`);
  cursor.expectEnd();
  return { kind: what === 'MODEL' ? 'dropModel' : what === 'TABLE' ? 'dropTable' : 'dropView', name, ifExists };
}
