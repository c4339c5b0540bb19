import type { Entries } from '../typed/values.js';
import { binary, callOf, type Like, type List, labelled, type OnlyColumn, typed, unary } from './declare.js';

/** A map comes out of `collect()` as a list of its entries. */
type AnyMap = Entries<unknown, unknown>;

export const maps = {
  /** `mapFromArrays(keys, values)`: a map of a list of keys and a list of as many values; a key that is null or there twice fails the job. */
  mapFromArrays: typed<[keys: List<unknown>, values: List<unknown>], Like<'mapOfLists'>>((keys, values) =>
    labelled('mapFromArrays', [keys, values], callOf('map', keys, values)),
  ),

  /** `mapFromEntries(entries)`: a map of a list of structs of a key and a value. */
  mapFromEntries: unary<List<object | null>, Like<'mapOfEntries'>>('mapFromEntries', 'map_from_entries'),

  /** `mapKeys(map)`: the keys as a list. */
  mapKeys: typed<[map: OnlyColumn<AnyMap>], Like<'listOfKeys'>>(map =>
    labelled('mapKeys', [map], callOf('map_keys', map)),
  ),

  /** `mapValues(map)`: the values as a list. */
  mapValues: typed<[map: OnlyColumn<AnyMap>], Like<'listOfMapped'>>(map =>
    labelled('mapValues', [map], callOf('map_values', map)),
  ),

  /** `mapEntries(map)`: a list of structs with members `key` and `value`. */
  mapEntries: unary<AnyMap, Like<'first'>>('mapEntries', 'map_entries'),

  /** `mapContainsKey(map, key)`: true if the map has the key. */
  mapContainsKey: binary<AnyMap, unknown, boolean>('mapContainsKey', 'map_contains'),

  /** `getItem(map, key)`: the value under a key, null if there is none. Of a list: `elementAt`. */
  getItem: typed<[map: OnlyColumn<AnyMap>, key: unknown], Like<'mapped'>>((map, key) =>
    labelled('getItem', [map, key], callOf('map_extract_value', map, key)),
  ),
};
