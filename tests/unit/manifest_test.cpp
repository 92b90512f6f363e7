// The reading and the rules of manifests, through the raw ABI as a careless plugin would fill it.

#include <gtest/gtest.h>

#include <cstring>
#include <functional>

#include "plan_samples.hpp"
#include "plugin/manifest_reader.hpp"
#include "plugin/manifest_rules.hpp"
#include "plugin/text_checks.hpp"

namespace mighost::test {
namespace {

mig_str str(const char* text) { return {text, std::strlen(text)}; }

void* begin(const mig_settings*, mig_error*) noexcept { return nullptr; }
mig_status transform(void*, const mig_batch*, const mig_host*, mig_error*) noexcept {
  return MIG_OK;
}
mig_status finish(void*, const mig_host*, mig_error*) noexcept { return MIG_OK; }
void end(void*) noexcept {}

mig_column column(const char* name, mig_type type, bool nullable = false) {
  mig_column made{};
  made.struct_size = sizeof made;
  made.type = type;
  made.nullable = nullable ? 1 : 0;
  made.name = str(name);
  return made;
}

// A plugin with one sound entity; each test breaks one thing.
struct Sample {
  mig_column id = column("id", MIG_INT8), name = column("name", MIG_TEXT, true);
  mig_column title = column("title", MIG_TEXT, true), office = column("office_id", MIG_UUID, true);
  const mig_column* source[2] = {&id, &name};
  const mig_column* target[2] = {&title, &office};
  mig_reference reference{};
  const mig_reference* references[1] = {&reference};
  mig_code code{};
  const mig_code* codes[1] = {&code};
  mig_filter filter{};
  const mig_filter* filters[1] = {&filter};
  mig_assertion assertion{};
  const mig_assertion* assertions[1] = {&assertion};
  mig_setting setting{};
  const mig_setting* settings[1] = {&setting};
  mig_str legacy[1] = {str("title")};
  mig_entity entity{};
  const mig_entity* entities[1] = {&entity};
  mig_plugin plugin{};

  Sample() {
    reference.struct_size = sizeof reference;
    reference.policy = MIG_MISSING_REJECT;
    reference.entity = str("core.offices");
    reference.column = str("office_id");
    code.struct_size = sizeof code;
    code.code = str("bad_name");
    filter.struct_size = sizeof filter;
    filter.predicate = str("valid");
    filter.code = str("invalid");
    assertion.struct_size = sizeof assertion;
    assertion.severity = MIG_ABORT;
    assertion.name = str("nobody");
    assertion.sql = str("SELECT 1 WHERE false");
    setting.struct_size = sizeof setting;
    setting.kind = MIG_SETTING_TEXT;
    setting.name = str("mode");
    fill_entity();
    plugin.struct_size = sizeof plugin;
    plugin.abi_major = MIG_ABI_MAJOR;
    plugin.abi_minor = MIG_ABI_MINOR;
    plugin.min_host_minor = MIG_ABI_MINOR;
    plugin.family = str("core");
    plugin.version = str("1.0.0");
    plugin.entities = entities;
    plugin.n_entities = 1;
    plugin.settings = settings;
    plugin.n_settings = 1;
  }

  void fill_entity() {
    entity.struct_size = sizeof entity;
    entity.name = str("patients");
    entity.source = str("public.patient");
    entity.source_columns = source;
    entity.n_source_columns = 2;
    entity.n_key = 1;
    entity.filters = filters;
    entity.n_filters = 1;
    entity.target = str("public.patients");
    entity.target_columns = target;
    entity.n_target_columns = 2;
    entity.identity = MIG_IDENTITY_UUID5;
    entity.identity_column = str("id");
    entity.references = references;
    entity.n_references = 1;
    entity.codes = codes;
    entity.n_codes = 1;
    entity.assertions = assertions;
    entity.n_assertions = 1;
    entity.begin = begin;
    entity.transform = transform;
    entity.finish = finish;
    entity.end = end;
  }

  std::string faults() const {
    Faults faults;
    const auto read = read_manifest(plugin, "/plugins/core.mig.so", faults);
    if (faults.empty()) check_manifest(*read, faults);
    return fault_list(faults);
  }
};

TEST(Manifest, SoundOneIsCopiedWhole) {
  Sample sample;
  EXPECT_EQ(sample.faults(), "");
  Faults faults;
  const auto plugin = read_manifest(sample.plugin, "/plugins/core.mig.so", faults);
  ASSERT_EQ(plugin->entities.size(), 1U);
  const Entity& entity = plugin->entities.front();
  EXPECT_EQ(entity.name, "core.patients");
  EXPECT_EQ(entity.plugin, plugin.get());
  EXPECT_EQ(entity.abi, &sample.entity);
  EXPECT_EQ(entity.source_columns.at(1).name, "name");
  EXPECT_TRUE(entity.source_columns.at(1).nullable);
  EXPECT_EQ(entity.references.at(0).entity, "core.offices");
  EXPECT_EQ(entity.filters.at(0).code, "invalid");
  EXPECT_EQ(plugin->settings.at(0).name, "mode");
}

struct Broken {
  const char* name;
  std::function<void(Sample&)> breakage;
  const char* expected;
};

class BrokenManifest : public testing::TestWithParam<Broken> {};

TEST_P(BrokenManifest, IsRefusedWithTheReason) {
  Sample sample;
  GetParam().breakage(sample);
  const std::string faults = sample.faults();
  EXPECT_TRUE(contains(faults, GetParam().expected)) << faults;
  EXPECT_TRUE(contains(faults, "core.mig.so")) << faults;
  EXPECT_TRUE(contains(faults, "next: ")) << faults;
}

const std::vector<Broken> broken = {
    {"family", [](Sample& s) { s.plugin.family = str("Core"); }, "family name \"Core\""},
    {"no_family", [](Sample& s) { s.plugin.family = {}; }, "`family` is empty"},
    {"entity_name", [](Sample& s) { s.entity.name = str("a-b"); }, "entity name \"a-b\""},
    {"not_utf8", [](Sample& s) { s.entity.target = str("caf\xE9"); }, "`target` is not UTF-8"},
    {"nul",
     [](Sample& s) {
       s.entity.target = {"a\0b", 3};
     },
     "contains NUL"},
    {"null_text",
     [](Sample& s) {
       s.entity.target = {nullptr, 4};
     },
     "not a valid text"},
    {"null_array", [](Sample& s) { s.entity.source_columns = nullptr; },
     "`source_columns` has the count 2 and a null pointer"},
    {"null_element", [](Sample& s) { s.source[1] = nullptr; }, "has a null pointer"},
    {"absurd_count", [](Sample& s) { s.entity.n_codes = 4'000'000'000U; }, "which is absurd"},
    {"struct_size", [](Sample& s) { s.entity.struct_size = 8; }, "struct_size 8"},
    {"huge_struct", [](Sample& s) { s.plugin.struct_size = 1U << 20; }, "struct_size 1048576"},
    {"type", [](Sample& s) { s.name.type = 77; }, "unknown type 77"},
    {"policy", [](Sample& s) { s.reference.policy = 9; }, "unknown policy 9"},
    {"identity", [](Sample& s) { s.entity.identity = 9; }, "unknown identity 9"},
    {"severity", [](Sample& s) { s.assertion.severity = 9; }, "unknown severity 9"},
    {"setting_kind", [](Sample& s) { s.setting.kind = 9; }, "unknown kind 9"},
    {"flags", [](Sample& s) { s.entity.flags = 64; }, "unknown bits in `flags`"},
    {"reserved", [](Sample& s) { s.plugin.reserved = 1; }, "reserved field is not zero"},
    {"no_transform", [](Sample& s) { s.entity.transform = nullptr; }, "transform"},
    {"nothing", [](Sample& s) { s.plugin.n_entities = 0; }, "neither entities nor validators"},
    {"no_source", [](Sample& s) { s.entity.source = {}; }, "neither a source table nor a source"},
    {"key_zero", [](Sample& s) { s.entity.n_key = 0; }, "n_key is 0"},
    {"key_many", [](Sample& s) { s.entity.n_key = 3; }, "n_key is 3 with 2"},
    {"key_nullable", [](Sample& s) { s.id.nullable = 1; }, "key column `id` is declared nullable"},
    {"twice", [](Sample& s) { s.name.name = str("id"); }, "source column `id` is declared twice"},
    {"host_code", [](Sample& s) { s.code.code = str("unique"); }, "`unique` is the host's own"},
    {"filter_code", [](Sample& s) { s.filter.code = str("bad_name"); },
     "filter's code and the handler's code"},
    {"code_name", [](Sample& s) { s.code.code = str("Bad Name"); }, "code name \"Bad Name\""},
    {"identity_emitted", [](Sample& s) { s.title.name = str("id"); }, "but the host fills it"},
    {"assigned", [](Sample& s) { s.entity.identity = MIG_IDENTITY_ASSIGNED; },
     "`id` is not among the target columns"},
    {"keep", [](Sample& s) { s.entity.identity = MIG_IDENTITY_KEEP, s.entity.n_key = 2; },
     "MIG_IDENTITY_KEEP with a key of 2"},
    {"natural", [](Sample& s) { s.entity.identity = MIG_IDENTITY_NATURAL; },
     "needs both natural_key and identity_column"},
    {"legacy",
     [](Sample& s) {
       s.legacy[0] = str("nowhere"), s.entity.legacy_columns = s.legacy,
       s.entity.n_legacy_columns = 1;
     },
     "legacy column `nowhere` is not among"},
    {"reference_column", [](Sample& s) { s.reference.column = str("nowhere"); },
     "there is no such target column"},
    {"reference_entity", [](Sample& s) { s.reference.entity = str("offices"); },
     "does not name an entity"},
    {"late", [](Sample& s) { s.reference.late = 1, s.office.nullable = 0; },
     "is late, but the column is not nullable"},
    {"late_policy", [](Sample& s) { s.reference.late = 1; }, "is late, but its policy is not null"},
    {"null_policy", [](Sample& s) { s.reference.policy = MIG_MISSING_NULL, s.office.nullable = 0; },
     "policy null, but the column is not nullable"},
};

INSTANTIATE_TEST_SUITE_P(Each, BrokenManifest, testing::ValuesIn(broken),
                         [](const auto& each) { return std::string(each.param.name); });

TEST(Manifest, AllFaultsAreToldAtOnce) {
  Sample sample;
  sample.id.nullable = 1;
  sample.code.code = str("unique");
  sample.reference.column = str("nowhere");
  const std::string faults = sample.faults();
  EXPECT_TRUE(contains(faults, "  3. ")) << faults;
}

TEST(Manifest, ValidatorNeedsSomethingToLookAt) {
  Sample sample;
  mig_validator validator{};
  validator.struct_size = sizeof validator;
  validator.name = str("quality");
  validator.applies_to = str("core.*");
  validator.begin = begin;
  validator.check = [](void*, const mig_batch*, const mig_check*, mig_error*) noexcept {
    return mig_status{MIG_OK};
  };
  validator.finish = [](void*, const mig_check*, mig_error*) noexcept {
    return mig_status{MIG_OK};
  };
  validator.end = end;
  const mig_validator* validators[] = {&validator};
  sample.plugin.validators = validators;
  sample.plugin.n_validators = 1;
  EXPECT_TRUE(contains(sample.faults(), "validator quality: it has neither columns nor"));
}

TEST(Manifest, ValidatorsOfTheFirstHeaderHaveNoControlTotals) {
  Sample sample;
  mig_total total{};
  total.struct_size = sizeof total;
  total.name = str("price");
  total.source_expression = str("price");
  total.target_expression = str("amount");
  const mig_total* totals[] = {&total};
  mig_validator validator{};
  validator.struct_size = sizeof validator;
  validator.name = str("money-in");
  validator.applies_to = str("core.patients");
  validator.totals = totals;
  validator.n_totals = 1;
  validator.begin = begin;
  validator.check = [](void*, const mig_batch*, const mig_check*, mig_error*) noexcept {
    return mig_status{MIG_OK};
  };
  validator.finish = [](void*, const mig_check*, mig_error*) noexcept {
    return mig_status{MIG_OK};
  };
  validator.end = end;
  const mig_validator* validators[] = {&validator};
  sample.plugin.validators = validators;
  sample.plugin.n_validators = 1;
  EXPECT_EQ(sample.faults(), "") << "a total alone is something to check";
  validator.applies_to = str("core.*");
  EXPECT_TRUE(contains(sample.faults(), "has control totals, but applies to the pattern core.*"))
      << sample.faults();
  // The header without totals ended here; what lies behind is not the validator's.
  validator.struct_size = offsetof(mig_validator, totals);
  EXPECT_TRUE(contains(sample.faults(), "neither columns nor assertions")) << sample.faults();
}

TEST(Manifest, TwoOwnersOfAFamilyAreBothNamed) {
  const auto a = plugin("core", {}), b = plugin("core", {});
  b->file = "/plugins/copy.mig.so";
  Faults faults;
  check_families({a.get(), b.get()}, faults);
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_TRUE(contains(fault_list(faults), "copy.mig.so")) << fault_list(faults);
  EXPECT_TRUE(contains(fault_list(faults), "core.mig.so")) << fault_list(faults);
}

TEST(Manifest, VersionMustAgreeExactlyBeforeOne) {
  Sample sample;
  EXPECT_EQ(version_fault(sample.plugin), "");
  if (MIG_ABI_MAJOR == 0) {
    sample.plugin.abi_minor = MIG_ABI_MINOR + 1;
    EXPECT_TRUE(contains(version_fault(sample.plugin), "this host is 0."));
  }
  sample.plugin.abi_minor = MIG_ABI_MINOR;
  sample.plugin.min_host_minor = MIG_ABI_MINOR + 1;
  EXPECT_TRUE(contains(version_fault(sample.plugin), "asks for at least"));
  sample.plugin.abi_major = MIG_ABI_MAJOR + 1;
  EXPECT_NE(version_fault(sample.plugin), "");
  sample.plugin.struct_size = 4;
  EXPECT_TRUE(contains(version_fault(sample.plugin), "cut off"));
}

TEST(TextChecks, Utf8) {
  EXPECT_TRUE(is_utf8(""));
  EXPECT_TRUE(is_utf8("na\xC3\xAFve \xE2\x82\xAC \xF0\x9F\x98\x80"));
  for (const char* bad : {"\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xC3",
                          "\xE2\x82", "\x80", "\xFF"}) {
    EXPECT_FALSE(is_utf8(bad));
  }
  EXPECT_FALSE(is_utf8(std::string_view("a\0b", 3)));
}

TEST(TextChecks, Globs) {
  EXPECT_TRUE(matches_glob("core.offices", "core.offices"));
  EXPECT_TRUE(matches_glob("*", "core.offices"));
  EXPECT_TRUE(matches_glob("core.*", "core.offices"));
  EXPECT_TRUE(matches_glob("*.o*s", "core.offices"));
  EXPECT_FALSE(matches_glob("core.*", "business.offices"));
  EXPECT_FALSE(matches_glob("core.office", "core.offices"));
  EXPECT_FALSE(matches_glob("", "core.offices"));
}

}  // namespace
}  // namespace mighost::test
