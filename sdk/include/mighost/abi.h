/* The contract between the mighost program and a plugin. This header is the specification: every
 * rule about an owner, a lifetime or a thread stands at the field that it governs. C11, and nothing
 * else.
 *
 * A plugin is one shared library (`*.mig.so`) that exports one symbol, mighost_plugin_v1(), and
 * owns one family of entities. The host reads the manifest (constant data), plans everything from
 * it, and calls the plugin only with batches of rows. The plugin never sees a connection, a file, a
 * clock or SQL results.
 *
 * Rules that hold everywhere
 *   Strings      UTF-8, pointer and length, not NUL-terminated, borrowed until the call returns
 *                (manifest strings: for the life of the process).
 *   Growth       Each growable struct begins with `struct_size`, set by whoever made it. Fields are
 *                only appended. A reader touches a field added after 1.0 only through MIG_HAS.
 *                Growable structs cross as pointers and in arrays of pointers, never by value.
 *                mig_str and mig_cell are frozen.
 *   Reserved     `reserved` fields are zero.
 *   Exceptions   None crosses in either direction; function pointers are noexcept in C++.
 *   Threads      One instance (the result of begin) is entered by one thread at a time. Instances
 *                of an entity with MIG_ENTITY_PARALLEL may run at the same time, others never. A
 *                plugin calls the host only from the thread that called it, and only during that
 *                call. [instance]
 *   Memory       The plugin never frees host memory, the host never frees plugin memory. Bytes that
 *                must outlive a call are obtained with mig_host.alloc.
 *   Portability  GCC and Clang on Linux (MIG_HAS uses __typeof__; cells are host byte order).
 */
#ifndef MIGHOST_ABI_H
#define MIGHOST_ABI_H

#include <stddef.h>
#include <stdint.h>

/* The version of this header. While it is 0.x, host and plugin must agree on both numbers exactly.
 * From 1.0 the major number is the one in the symbol's name, and a plugin loads when min_host_minor
 * <= host's minor. */
#define MIG_ABI_MAJOR 0u
#define MIG_ABI_MINOR 9u

#ifdef __cplusplus
#define MIG_NOEXCEPT noexcept
extern "C" {
#else
#define MIG_NOEXCEPT
#endif

#define MIG_EXPORT __attribute__((visibility("default")))

/* True when `field` lies inside the copy of *p that its producer knew, and is not null. */
#define MIG_HAS(p, field) \
  ((p)->struct_size >= offsetof(__typeof__(*(p)), field) + sizeof((p)->field) && (p)->field)

typedef struct mig_str {
  const char* data;
  uint64_t size;
} mig_str;

/* What a call into a plugin returns. Anything but MIG_OK ends the run; nothing is committed. */
typedef int32_t mig_status;
enum { MIG_OK = 0, MIG_FAILED = 1, MIG_CANCELLED = 2 };

/* Owned by the caller, of fixed size: nobody frees it, so it outlives whoever filled it. */
typedef struct mig_error {
  uint32_t struct_size;
  int32_t code;
  uint64_t row;      /* ordinal of the row that failed in the entity's stream; UINT64_MAX, which the
                      * caller presets: no row */
  char message[496]; /* UTF-8, NUL-terminated; must not quote values of the row */
} mig_error;

/* ---- Values ---------------------------------------------------------------------------------- */

/* How a value crosses. Integers of every width cross as MIG_INT8, text-like types and enums as
 * MIG_TEXT, json and jsonb as MIG_JSON. An unknown type in a manifest refuses the plugin. */
typedef uint8_t mig_type;
enum {
  MIG_TYPE_INVALID = 0,
  MIG_INT8 = 1,        /* as.i64 */
  MIG_FLOAT8 = 2,      /* as.f64; refused for money by the rules, not by the type */
  MIG_BOOL = 3,        /* as.i64: 0 or 1 */
  MIG_TEXT = 4,        /* as.data, size bytes of UTF-8 without NUL */
  MIG_NUMERIC = 5,     /* as.data, size bytes: PostgreSQL's binary numeric (numeric_send); exact */
  MIG_TIMESTAMPTZ = 6, /* as.i64: microseconds since 2000-01-01 00:00 UTC; INT64_MIN/MAX are
                          -/+infinity */
  MIG_DATE = 7,        /* as.i64: days since 2000-01-01; INT32_MIN/MAX are -/+infinity */
  MIG_UUID = 8,        /* as.data, 16 bytes in network order */
  MIG_BYTES = 9,       /* as.data, size bytes */
  MIG_JSON = 10        /* as.data, size bytes of JSON text, UTF-8 */
};

enum { MIG_CELL_NULL = 1 };

/* One value, 16 bytes, frozen. Scalars by value; everything else points to bytes that the producer
 * keeps valid: input cells until the call returns, output cells must point into the arena
 * (mig_host.alloc), the input batch, or constant data of the plugin. */
typedef struct mig_cell {
  union {
    int64_t i64;
    double f64;
    const char* data;
  } as;
  uint32_t size;
  mig_type type;
  uint8_t flags; /* MIG_CELL_NULL: the value is absent, `as` and `size` mean nothing */
  uint16_t reserved;
} mig_cell;

/* Rows of one entity in source order. `cells` holds rows * columns cells, row by row. The cells and
 * the bytes they point to are gone when the call returns. */
typedef struct mig_batch {
  uint32_t struct_size;
  uint32_t rows;
  uint32_t columns;
  uint32_t reserved;
  uint64_t first_row; /* ordinal of the first row in the entity's stream, for diagnostics */
  const mig_cell* cells;
} mig_batch;

/* ---- Findings -------------------------------------------------------------------------------- */

typedef int32_t mig_severity;
enum {
  MIG_NOTE = 1,   /* remember it beside the row; the row goes on */
  MIG_REJECT = 2, /* quarantine the row; whatever was emitted for it is void, before or after */
  MIG_ABORT = 3   /* nothing is committed. From a handler it ends the run at once; from a validator
                     it is counted, and the run goes on, so that every finding is reported */
};

typedef struct mig_issue {
  uint32_t struct_size;
  mig_severity severity; /* an unknown severity aborts */
  uint32_t row;          /* index within the batch */
  uint32_t reserved;
  mig_str code;   /* one of the declared codes, or the run fails */
  mig_str column; /* name of the column it is about; empty: the whole row. A validator names one
                     that it was shown. */
  mig_str detail; /* goes to the ledger beside the data, never to a log; may quote the value */
} mig_issue;

/* A code that an entity or validator may report. */
typedef struct mig_code {
  uint32_t struct_size;
  uint32_t reserved;
  mig_str code; /* [a-z0-9_]+; the host's own codes (missing_parent, unique, ...) must not be
                   redeclared */
  mig_str meaning;
} mig_code;

/* ---- Manifest: what the host can plan, check and account for without calling the plugin ------ */

typedef struct mig_column {
  uint32_t struct_size;
  mig_type type;
  uint8_t nullable; /* 0: the plugin relies on it (source) or promises it (target) */
  uint16_t reserved;
  mig_str name; /* as in the catalog, unquoted; the host quotes */
} mig_column;

/* What happens to a row whose parent is missing. */
typedef uint8_t mig_policy;
enum {
  MIG_MISSING_REJECT = 1, /* absent parent: quarantined missing_parent; parent held back: parked */
  MIG_MISSING_NULL = 2,   /* NULL, and the note missing_parent when there was a key */
  MIG_MISSING_PARK = 3    /* parked in both cases */
};

/* "This target column holds a key of that entity." The order of the run, the foreign-key checks and
 * the permission to resolve come from these declarations alone. */
typedef struct mig_reference {
  uint32_t struct_size;
  mig_policy policy;
  uint8_t late; /* 1: may point forward or to the entity itself, with policy null; set in a second
                   pass */
  uint8_t if_loaded; /* 1: when no loaded plugin has `entity`: with policy null the reference
                        resolves to nothing, with another policy the referring entity is left out;
                        both are said aloud. 0: the run is refused then. */
  uint8_t reserved;
  mig_str entity; /* "family.entity" */
  mig_str column; /* the target column that takes the new key; several references may share one,
                     which then holds a key of one of their entities */
} mig_reference;

/* Rows for which `predicate` is not true are not migrated; they are counted under `code`. */
typedef struct mig_filter {
  uint32_t struct_size;
  uint32_t reserved;
  mig_str predicate; /* SQL over the source columns (or the source query's columns) */
  mig_str code;
  mig_str meaning;
} mig_filter;

/* A sum that must survive: sum(source_expression) over the source rows equals
 * sum(target_expression) over the rows that went, plus the sums of the rows held back and filtered.
 * Exact; a difference vetoes the commit. */
typedef struct mig_total {
  uint32_t struct_size;
  uint32_t reserved;
  mig_str name;
  mig_str source_expression; /* SQL scalar over the source columns; NULL counts as 0 */
  mig_str target_expression; /* SQL scalar over the target table's columns */
} mig_total;

/* SQL that must return no row, run by the host inside the shared transaction before COMMIT. The
 * first column of a row it returns is shown as the offender's key, so it must not be personal
 * data. */
typedef struct mig_assertion {
  uint32_t struct_size;
  mig_severity severity; /* MIG_NOTE: reported; MIG_REJECT and MIG_ABORT: veto */
  mig_str name;
  mig_str sql;
  mig_str meaning;
} mig_assertion;

/* SQL run in the shared transaction before or after the entity's load; printed by `plan`, kept in
 * the audit. */
typedef struct mig_step {
  uint32_t struct_size;
  uint8_t after; /* 0: before the load, 1: after it */
  uint8_t reserved[3];
  mig_str sql;
  mig_str purpose;
} mig_step;

/* A setting in [plugins.<family>] of the configuration. */
typedef uint8_t mig_setting_kind;
enum {
  MIG_SETTING_TEXT = 1,
  MIG_SETTING_INTEGER = 2,
  MIG_SETTING_BOOLEAN = 3,
  MIG_SETTING_LIST = 4, /* list of texts: one mig_setting_value per element, `key` is its index */
  MIG_SETTING_MAP = 5   /* table of texts: one mig_setting_value per entry */
};

typedef struct mig_setting {
  uint32_t struct_size;
  mig_setting_kind kind;
  uint8_t reserved[3];
  mig_str name;
  mig_str default_text; /* as the configuration would write it, for `mighost list`; informative */
  mig_str help;
} mig_setting;

typedef struct mig_setting_value {
  uint32_t struct_size;
  uint32_t reserved;
  mig_str name;
  mig_str key;   /* index of a list, name of a map; empty otherwise. An empty list or map is one
                  * value with an empty key. */
  mig_str value; /* integers in decimal, booleans as "true"/"false" */
} mig_setting_value;

/* The settings that the configuration gives, checked by the host against the declarations. Valid
 * during begin. */
typedef struct mig_settings {
  uint32_t struct_size;
  uint32_t n_values;
  const mig_setting_value* const* values;
} mig_settings;

/* Where a row's new key comes from. A key is one target column. */
typedef uint8_t mig_identity;
enum {
  MIG_IDENTITY_UUID5 = 1,    /* UUIDv5(namespace, "family.entity/<key>"), key columns joined by
                                '/' */
  MIG_IDENTITY_KEEP = 2,     /* the legacy key itself (one key column) */
  MIG_IDENTITY_ASSIGNED = 3, /* the handler calls bind_key for each row that it emits */
  MIG_IDENTITY_NATURAL = 4   /* the row exists in the target already: it is found by `natural_key`,
                                and merged */
};

typedef struct mig_host mig_host;
typedef struct mig_check mig_check;

enum {
  MIG_ENTITY_PROJECTION = 1, /* its source rows are owned by another entity as well */
  MIG_ENTITY_PARALLEL = 2,   /* several instances may run at the same time, in any split of the
                                rows */
  MIG_ENTITY_OPTIONAL = 4    /* off unless [entities."family.entity"] enabled = true */
};

/* One source relation to one target table: each source row becomes at most one target row. */
typedef struct mig_entity {
  uint32_t struct_size;
  uint32_t flags;
  mig_str name; /* [a-z0-9_]+, unique in the family; the host writes family.name */
  mig_str description;

  /* The rows come from table `source` ("schema.table"), or from `source_query` when that is given.
   * With both, the query must yield exactly one row for each row of `source` (the host counts). A
   * query names its columns. */
  mig_str source;
  mig_str source_query;
  const mig_column* const* source_columns;
  uint32_t n_source_columns;
  uint32_t n_key; /* the first n_key source columns are the legacy key: unique, not null */
  const mig_filter* const* filters;
  uint32_t n_filters;

  uint32_t n_target_columns;
  mig_str target;                          /* "schema.table" */
  const mig_column* const* target_columns; /* what the handler emits; without identity_column for
                                              UUID5 and KEEP */

  mig_identity identity;
  uint8_t reserved[3];
  uint32_t n_legacy_columns;
  mig_str identity_column; /* target column of the new key; empty only if nobody can reference the
                              entity */
  const mig_str* legacy_columns; /* target columns that hold the legacy key, in its order; may be
                                    none */
  const mig_str* natural_key;    /* MIG_IDENTITY_NATURAL: target columns, all emitted by the
                                    handler */
  uint32_t n_natural_key;

  uint32_t n_references;
  const mig_reference* const* references;
  const mig_code* const* codes;
  uint32_t n_codes;
  uint32_t n_totals;
  const mig_total* const* totals;
  const mig_assertion* const* assertions;
  uint32_t n_assertions;
  uint32_t n_steps;
  const mig_step* const* steps;

  /* A new instance, or NULL with `error` filled. */
  void* (*begin)(const mig_settings* settings, mig_error* error)MIG_NOEXCEPT;
  /* Each row of the batch must be emitted, rejected, merged, or settled by a resolve that returned
   * MIG_ROW_VOID; a row that is none of these fails the run. The first finding that holds a row
   * back decides its outcome and its code. */
  mig_status (*transform)(void* self, const mig_batch* batch, const mig_host* host,
                          mig_error* error) MIG_NOEXCEPT;
  /* After the last batch, also when there was none. May log; there is no row to report on. */
  mig_status (*finish)(void* self, const mig_host* host, mig_error* error) MIG_NOEXCEPT;
  void (*end)(void* self) MIG_NOEXCEPT;
} mig_entity;

/* Looks at target rows of entities that it need not own, after their handler and before the
 * server. Its functions have a thread of their own and a time limit each ([validation] time_limit).
 * A validator that fails, does not come back in time, or reports what it may not is faulty: it is
 * not asked again, the report names its plugin, and nothing is committed. */
typedef struct mig_validator {
  uint32_t struct_size;
  uint32_t flags; /* MIG_ENTITY_PARALLEL or 0 */
  mig_str name;
  mig_str description;
  mig_str applies_to; /* "family.entity", which must have all the columns; or a glob with '*':
                         every entity that has them, with these types */
  const mig_column* const* columns; /* the projection of target columns it needs */
  uint32_t n_columns;
  uint32_t n_codes;
  const mig_code* const* codes;
  const mig_assertion* const* assertions;
  uint32_t n_assertions;
  uint32_t reserved;
  void* (*begin)(const mig_settings* settings, mig_error* error)MIG_NOEXCEPT;
  mig_status (*check)(void* self, const mig_batch* batch, const mig_check* host,
                      mig_error* error) MIG_NOEXCEPT;
  mig_status (*finish)(void* self, const mig_check* host, mig_error* error) MIG_NOEXCEPT;
  void (*end)(void* self) MIG_NOEXCEPT;
  /* Since the second header of 0.9. Control totals of the entity, as if it had declared them;
   * `applies_to` is no glob then. */
  const mig_total* const* totals;
  uint32_t n_totals;
  uint32_t reserved_2;
} mig_validator;

typedef struct mig_plugin {
  uint32_t struct_size;
  uint32_t abi_major; /* MIG_ABI_MAJOR and MIG_ABI_MINOR of the header it was compiled with */
  uint32_t abi_minor;
  uint32_t min_host_minor; /* the oldest host it is willing to run under */
  mig_str family; /* [a-z0-9_-]+, unique among the loaded plugins; the name in [plugins.<family>] */
  mig_str version;
  mig_str build; /* compiler, for bug reports */
  mig_str description;
  const mig_entity* const* entities;
  const mig_validator* const* validators;
  const mig_setting* const* settings;
  uint32_t n_entities;
  uint32_t n_validators;
  uint32_t n_settings;
  uint32_t reserved;
} mig_plugin;

/* ---- What a plugin may ask of the host during transform and finish [instance] ---------------- */

typedef int32_t mig_log_level;
enum { MIG_LOG_DEBUG = 1, MIG_LOG_INFO = 2, MIG_LOG_WARN = 3, MIG_LOG_ERROR = 4 };

typedef int32_t mig_resolution;
enum {
  MIG_RESOLVED = 1,  /* *out is the parent's new key */
  MIG_NO_PARENT = 2, /* policy null or late: *out is NULL, emit it as it is */
  MIG_ROW_VOID = 3   /* policy reject or park: the host has settled the row; emitting it is
                        harmless */
};

struct mig_host {
  uint32_t struct_size;
  uint32_t reserved;
  void* host; /* pass it back as the first argument */

  /* The n_target_columns cells of the target row for source row `row` (index within the batch), all
   * NULL, to be filled before the call returns. At most once per row. NULL: out of memory or a
   * wrong row; return MIG_FAILED. */
  mig_cell* (*emit)(void* host, uint32_t row)MIG_NOEXCEPT;

  /* `size` bytes that live until the batch has reached the server. `size` may be
   * 0. NULL: out of memory. */
  char* (*alloc)(void* host, uint64_t size)MIG_NOEXCEPT;

  /* The new key for the legacy key `key[0..n_key)` of references[reference]'s entity, asked for
   * source row `row`. A NULL in `key` is "no key": policy reject and park quarantine the row, null
   * and late give NULL. Answers only for rows that are in the target or go there in this run. The
   * bytes behind *out live as long as those of alloc. */
  mig_resolution (*resolve)(void* host, uint32_t row, uint32_t reference, const mig_cell* key,
                            uint32_t n_key, mig_cell* out) MIG_NOEXCEPT;

  /* This source row is the same thing as the row with legacy key `survivor` of this entity, which
   * stands earlier in the stream. Nothing is emitted; references to either get the survivor's new
   * key. When the survivor itself is held back, this row is parked behind it. */
  void (*merge)(void* host, uint32_t row, const mig_cell* survivor, uint32_t n_key) MIG_NOEXCEPT;

  /* MIG_IDENTITY_ASSIGNED only: the new key of the row. */
  void (*bind_key)(void* host, uint32_t row, const mig_cell* new_key) MIG_NOEXCEPT;

  void (*report)(void* host, const mig_issue* issue) MIG_NOEXCEPT;

  /* Goes to the host's log under the plugin's name; must not quote values of rows. */
  void (*log)(void* host, mig_log_level level, mig_str message) MIG_NOEXCEPT;

  /* Cheap; when it returns 1, return MIG_CANCELLED soon. */
  uint8_t (*cancelled)(void* host) MIG_NOEXCEPT;
};

/* What a validator may ask of the host: no emitting, no resolving. [instance] */
struct mig_check {
  uint32_t struct_size;
  uint32_t reserved;
  void* host;
  void (*report)(void* host, const mig_issue* issue) MIG_NOEXCEPT;
  void (*log)(void* host, mig_log_level level, mig_str message) MIG_NOEXCEPT;
  uint8_t (*cancelled)(void* host) MIG_NOEXCEPT;
};

/* The one exported symbol; the major version is in its name. Returns the same pointer every time,
 * to data that lives as long as the process. It allocates nothing, starts nothing and calls nobody:
 * scanning is safe. */
MIG_EXPORT const mig_plugin* mighost_plugin_v1(void);

#ifdef __cplusplus
} /* extern "C" */
static_assert(sizeof(mig_cell) == 16, "mig_cell is frozen");
static_assert(sizeof(mig_str) == 16, "mig_str is frozen");
#else
_Static_assert(sizeof(mig_cell) == 16, "mig_cell is frozen");
_Static_assert(sizeof(mig_str) == 16, "mig_str is frozen");
#endif

#endif /* MIGHOST_ABI_H */
