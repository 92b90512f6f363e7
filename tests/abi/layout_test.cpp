// The layout of every struct of abi.h, version 0.9, on 64-bit Linux. Compiling this file is the
// test. From 1.0 on a line of this file may only be added, except that the size of a growable
// struct may become larger.
#include <mighost/abi.h>

#define SIZE(type_, size_) static_assert(sizeof(type_) == (size_), #type_ " has another size")
#define AT(type_, field_, offset_) \
  static_assert(offsetof(type_, field_) == (offset_), #type_ "." #field_ " has moved")

static_assert(MIG_ABI_MAJOR == 0 && MIG_ABI_MINOR == 9, "describe the new version here");
static_assert(alignof(mig_cell) == 8 && alignof(mig_entity) == 8);

SIZE(mig_str, 16);
AT(mig_str, data, 0);
AT(mig_str, size, 8);

SIZE(mig_error, 512);
AT(mig_error, struct_size, 0);
AT(mig_error, code, 4);
AT(mig_error, row, 8);
AT(mig_error, message, 16);

SIZE(mig_cell, 16);
AT(mig_cell, as, 0);
AT(mig_cell, size, 8);
AT(mig_cell, type, 12);
AT(mig_cell, flags, 13);
AT(mig_cell, reserved, 14);

SIZE(mig_batch, 32);
AT(mig_batch, struct_size, 0);
AT(mig_batch, rows, 4);
AT(mig_batch, columns, 8);
AT(mig_batch, reserved, 12);
AT(mig_batch, first_row, 16);
AT(mig_batch, cells, 24);

SIZE(mig_issue, 64);
AT(mig_issue, struct_size, 0);
AT(mig_issue, severity, 4);
AT(mig_issue, row, 8);
AT(mig_issue, reserved, 12);
AT(mig_issue, code, 16);
AT(mig_issue, column, 32);
AT(mig_issue, detail, 48);

SIZE(mig_code, 40);
AT(mig_code, struct_size, 0);
AT(mig_code, reserved, 4);
AT(mig_code, code, 8);
AT(mig_code, meaning, 24);

SIZE(mig_column, 24);
AT(mig_column, struct_size, 0);
AT(mig_column, type, 4);
AT(mig_column, nullable, 5);
AT(mig_column, reserved, 6);
AT(mig_column, name, 8);

SIZE(mig_reference, 40);
AT(mig_reference, struct_size, 0);
AT(mig_reference, policy, 4);
AT(mig_reference, late, 5);
AT(mig_reference, if_loaded, 6);
AT(mig_reference, reserved, 7);
AT(mig_reference, entity, 8);
AT(mig_reference, column, 24);

SIZE(mig_filter, 56);
AT(mig_filter, struct_size, 0);
AT(mig_filter, reserved, 4);
AT(mig_filter, predicate, 8);
AT(mig_filter, code, 24);
AT(mig_filter, meaning, 40);

SIZE(mig_total, 56);
AT(mig_total, struct_size, 0);
AT(mig_total, reserved, 4);
AT(mig_total, name, 8);
AT(mig_total, source_expression, 24);
AT(mig_total, target_expression, 40);

SIZE(mig_assertion, 56);
AT(mig_assertion, struct_size, 0);
AT(mig_assertion, severity, 4);
AT(mig_assertion, name, 8);
AT(mig_assertion, sql, 24);
AT(mig_assertion, meaning, 40);

SIZE(mig_step, 40);
AT(mig_step, struct_size, 0);
AT(mig_step, after, 4);
AT(mig_step, reserved, 5);
AT(mig_step, sql, 8);
AT(mig_step, purpose, 24);

SIZE(mig_setting, 56);
AT(mig_setting, struct_size, 0);
AT(mig_setting, kind, 4);
AT(mig_setting, reserved, 5);
AT(mig_setting, name, 8);
AT(mig_setting, default_text, 24);
AT(mig_setting, help, 40);

SIZE(mig_setting_value, 56);
AT(mig_setting_value, struct_size, 0);
AT(mig_setting_value, reserved, 4);
AT(mig_setting_value, name, 8);
AT(mig_setting_value, key, 24);
AT(mig_setting_value, value, 40);

SIZE(mig_settings, 16);
AT(mig_settings, struct_size, 0);
AT(mig_settings, n_values, 4);
AT(mig_settings, values, 8);

SIZE(mig_entity, 264);
AT(mig_entity, struct_size, 0);
AT(mig_entity, flags, 4);
AT(mig_entity, name, 8);
AT(mig_entity, description, 24);
AT(mig_entity, source, 40);
AT(mig_entity, source_query, 56);
AT(mig_entity, source_columns, 72);
AT(mig_entity, n_source_columns, 80);
AT(mig_entity, n_key, 84);
AT(mig_entity, filters, 88);
AT(mig_entity, n_filters, 96);
AT(mig_entity, n_target_columns, 100);
AT(mig_entity, target, 104);
AT(mig_entity, target_columns, 120);
AT(mig_entity, identity, 128);
AT(mig_entity, reserved, 129);
AT(mig_entity, n_legacy_columns, 132);
AT(mig_entity, identity_column, 136);
AT(mig_entity, legacy_columns, 152);
AT(mig_entity, natural_key, 160);
AT(mig_entity, n_natural_key, 168);
AT(mig_entity, n_references, 172);
AT(mig_entity, references, 176);
AT(mig_entity, codes, 184);
AT(mig_entity, n_codes, 192);
AT(mig_entity, n_totals, 196);
AT(mig_entity, totals, 200);
AT(mig_entity, assertions, 208);
AT(mig_entity, n_assertions, 216);
AT(mig_entity, n_steps, 220);
AT(mig_entity, steps, 224);
AT(mig_entity, begin, 232);
AT(mig_entity, transform, 240);
AT(mig_entity, finish, 248);
AT(mig_entity, end, 256);

SIZE(mig_validator, 144);
AT(mig_validator, struct_size, 0);
AT(mig_validator, flags, 4);
AT(mig_validator, name, 8);
AT(mig_validator, description, 24);
AT(mig_validator, applies_to, 40);
AT(mig_validator, columns, 56);
AT(mig_validator, n_columns, 64);
AT(mig_validator, n_codes, 68);
AT(mig_validator, codes, 72);
AT(mig_validator, assertions, 80);
AT(mig_validator, n_assertions, 88);
AT(mig_validator, reserved, 92);
AT(mig_validator, begin, 96);
AT(mig_validator, check, 104);
AT(mig_validator, finish, 112);
AT(mig_validator, end, 120);
AT(mig_validator, totals, 128);
AT(mig_validator, n_totals, 136);
AT(mig_validator, reserved_2, 140);

SIZE(mig_plugin, 120);
AT(mig_plugin, struct_size, 0);
AT(mig_plugin, abi_major, 4);
AT(mig_plugin, abi_minor, 8);
AT(mig_plugin, min_host_minor, 12);
AT(mig_plugin, family, 16);
AT(mig_plugin, version, 32);
AT(mig_plugin, build, 48);
AT(mig_plugin, description, 64);
AT(mig_plugin, entities, 80);
AT(mig_plugin, validators, 88);
AT(mig_plugin, settings, 96);
AT(mig_plugin, n_entities, 104);
AT(mig_plugin, n_validators, 108);
AT(mig_plugin, n_settings, 112);
AT(mig_plugin, reserved, 116);

SIZE(mig_host, 80);
AT(mig_host, struct_size, 0);
AT(mig_host, reserved, 4);
AT(mig_host, host, 8);
AT(mig_host, emit, 16);
AT(mig_host, alloc, 24);
AT(mig_host, resolve, 32);
AT(mig_host, merge, 40);
AT(mig_host, bind_key, 48);
AT(mig_host, report, 56);
AT(mig_host, log, 64);
AT(mig_host, cancelled, 72);

SIZE(mig_check, 40);
AT(mig_check, struct_size, 0);
AT(mig_check, reserved, 4);
AT(mig_check, host, 8);
AT(mig_check, report, 16);
AT(mig_check, log, 24);
AT(mig_check, cancelled, 32);

#undef SIZE
#undef AT

// Numbers that are in plugins already.
static_assert(MIG_OK == 0 && MIG_FAILED == 1 && MIG_CANCELLED == 2);
static_assert(MIG_INT8 == 1 && MIG_FLOAT8 == 2 && MIG_BOOL == 3 && MIG_TEXT == 4 &&
              MIG_NUMERIC == 5 && MIG_TIMESTAMPTZ == 6 && MIG_DATE == 7 && MIG_UUID == 8 &&
              MIG_BYTES == 9 && MIG_JSON == 10);
static_assert(MIG_CELL_NULL == 1);
static_assert(MIG_NOTE == 1 && MIG_REJECT == 2 && MIG_ABORT == 3);
static_assert(MIG_MISSING_REJECT == 1 && MIG_MISSING_NULL == 2 && MIG_MISSING_PARK == 3);
static_assert(MIG_SETTING_TEXT == 1 && MIG_SETTING_INTEGER == 2 && MIG_SETTING_BOOLEAN == 3 &&
              MIG_SETTING_LIST == 4 && MIG_SETTING_MAP == 5);
static_assert(MIG_IDENTITY_UUID5 == 1 && MIG_IDENTITY_KEEP == 2 && MIG_IDENTITY_ASSIGNED == 3 &&
              MIG_IDENTITY_NATURAL == 4);
static_assert(MIG_ENTITY_PROJECTION == 1 && MIG_ENTITY_PARALLEL == 2 && MIG_ENTITY_OPTIONAL == 4);
static_assert(MIG_LOG_DEBUG == 1 && MIG_LOG_INFO == 2 && MIG_LOG_WARN == 3 && MIG_LOG_ERROR == 4);
static_assert(MIG_RESOLVED == 1 && MIG_NO_PARENT == 2 && MIG_ROW_VOID == 3);
