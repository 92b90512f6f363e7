/* The header is C11: this file is a plugin in plain C, with one entity that passes nothing on. */
#include <mighost/abi.h>

#define STR(text) \
  { (text), sizeof(text) - 1 }

static const mig_column source_id = {sizeof(mig_column), MIG_INT8, 0, 0, STR("id")};
static const mig_column target_name = {sizeof(mig_column), MIG_TEXT, 1, 0, STR("name")};
static const mig_column* const source_columns[] = {&source_id};
static const mig_column* const target_columns[] = {&target_name};
static const mig_code refused = {sizeof(mig_code), 0, STR("refused"), STR("all rows are")};
static const mig_code* const codes[] = {&refused};

static int instances;

static void* begin(const mig_settings* settings, mig_error* error) {
  if (settings->n_values != 0 && !MIG_HAS(settings, values)) {
    error->code = MIG_FAILED;
    error->message[0] = '?';
    return 0;
  }
  return &instances;
}

static mig_status transform(void* self, const mig_batch* batch, const mig_host* host,
                            mig_error* error) {
  uint32_t row;
  (void)self;
  (void)error;
  for (row = 0; row < batch->rows; ++row) {
    mig_issue issue = {0};
    issue.struct_size = sizeof issue;
    issue.severity = MIG_REJECT;
    issue.row = row;
    issue.code = refused.code;
    host->report(host->host, &issue);
  }
  return MIG_OK;
}

static mig_status finish(void* self, const mig_host* host, mig_error* error) {
  (void)self;
  (void)host;
  (void)error;
  return MIG_OK;
}

static void end(void* self) { (void)self; }

static const mig_entity entity = {
    .struct_size = sizeof(mig_entity),
    .name = STR("nothing"),
    .source = STR("public.source"),
    .source_columns = source_columns,
    .n_source_columns = 1,
    .n_key = 1,
    .target = STR("public.target"),
    .target_columns = target_columns,
    .n_target_columns = 1,
    .identity = MIG_IDENTITY_UUID5,
    .identity_column = STR("id"),
    .codes = codes,
    .n_codes = 1,
    .begin = begin,
    .transform = transform,
    .finish = finish,
    .end = end,
};
static const mig_entity* const entities[] = {&entity};

static const mig_plugin plugin = {
    .struct_size = sizeof(mig_plugin),
    .abi_major = MIG_ABI_MAJOR,
    .abi_minor = MIG_ABI_MINOR,
    .min_host_minor = MIG_ABI_MINOR,
    .family = STR("plain-c"),
    .version = STR("1.0.0"),
    .entities = entities,
    .n_entities = 1,
};

const mig_plugin* mighost_plugin_v1(void) { return &plugin; }
