import { binary, type ColumnOf, callOf, labelled, unary, type ValueOf } from './declare.js';

/** A map comes out of `collect()` as a list of its entries. */
type Entries<K, V> = readonly { readonly key: K; readonly value: V }[];

export const maps = {
  /** `mapFromArrays(keys, values)`: a map of a list of keys and a list of as many values; a key that is null or there twice fails the job. */
  mapFromArrays: <K, V>(keys: ValueOf<readonly K[]>, values: ValueOf<readonly V[]>): ColumnOf<Entries<K, V>> =>
    labelled('mapFromArrays', [keys, values], callOf('map', keys, values)),

  /** `mapFromEntries(entries)`: a map of a list of structs of a key and a value. */
  mapFromEntries: unary<readonly unknown[], Entries<unknown, unknown>>('mapFromEntries', 'map_from_entries'),

  /** `mapKeys(map)`: the keys as a list. */
  mapKeys: <K>(map: ColumnOf<Entries<K, unknown>>): ColumnOf<readonly K[]> =>
    labelled('mapKeys', [map], callOf('map_keys', map)),

  /** `mapValues(map)`: the values as a list. */
  mapValues: <V>(map: ColumnOf<Entries<unknown, V>>): ColumnOf<readonly V[]> =>
    labelled('mapValues', [map], callOf('map_values', map)),

  /** `mapEntries(map)`: a list of structs with members `key` and `value`. */
  mapEntries: unary<Entries<unknown, unknown>, Entries<unknown, unknown>>('mapEntries', 'map_entries'),

  /** `mapContainsKey(map, key)`: true if the map has the key. */
  mapContainsKey: binary<Entries<unknown, unknown>, unknown, boolean>('mapContainsKey', 'map_contains'),

  /** `getItem(map, key)`: the value under a key, null if there is none. Of a list: `elementAt`. */
  getItem: <K, V>(map: ColumnOf<Entries<K, V>>, key: ValueOf<K>): ColumnOf<V> =>
    labelled('getItem', [map, key], callOf('map_extract_value', map, key)),
};
