#include "validate/row_validators.hpp"

#include <algorithm>
#include <exception>

#include "report/error.hpp"
#include "report/log.hpp"

namespace mighost {
namespace {

std::string_view view(mig_str text) { return {text.data, text.size}; }

}  // namespace

struct RowValidators::Instance {
  const Validator* validator = nullptr;
  std::string entity;
  std::vector<std::size_t> projection;  // index of each needed column among the target cells
  void* self = nullptr;
  mig_check host{};
  std::vector<mig_cell> cells;
  std::vector<RowFinding> findings;
  std::string fault;

  std::string plugin() const {
    return validator->plugin->family + " " + validator->plugin->version;
  }

  [[noreturn]] void fail(const std::string& what) const {
    throw Error(Exit::vetoed,
                "validator " + validator->name + " of plugin " + plugin() + " " + what,
                entity + ", " + validator->plugin->file.string(),
                "nothing was committed; repair or remove the validator and run again");
  }

  static Instance& of(void* host) { return *static_cast<Instance*>(host); }

  static void on_report(void* host, const mig_issue* issue) noexcept {
    Instance& me = of(host);
    try {
      const std::string code(view(issue->code));
      const auto& codes = me.validator->codes;
      const bool declared = std::any_of(codes.begin(), codes.end(),
                                        [&](const Code& known) { return known.code == code; });
      if (!declared) me.fault = "reported the code `" + code + "`, which it does not declare";
      me.findings.push_back({issue->row, issue->severity, code, std::string(view(issue->column)),
                             std::string(view(issue->detail)), me.plugin()});
    } catch (...) {
      me.fault = "ran out of memory";
    }
  }

  static void on_log(void* host, mig_log_level level, mig_str message) noexcept {
    try {
      log(level >= MIG_LOG_WARN ? LogLevel::warn : LogLevel::info, view(message),
          {{"plugin", of(host).plugin()}});
    } catch (...) {
      return;  // a log line is not worth a run
    }
  }

  static std::uint8_t on_cancelled(void*) noexcept { return 0; }
};

RowValidators::RowValidators(
    const PlannedEntity& planned,
    const std::map<std::string, std::shared_ptr<PluginSettings>>& settings) {
  const auto& columns = planned.entity->target_columns;
  for (const Validator* validator : planned.validators) {
    auto instance = std::make_unique<Instance>();
    instance->validator = validator;
    instance->entity = planned.entity->name;
    for (const Column& needed : validator->columns) {
      const auto found = std::find_if(columns.begin(), columns.end(), [&](const Column& column) {
        return column.name == needed.name && column.type == needed.type;
      });
      if (found == columns.end()) {
        instance->fail("needs the column " + needed.name + " as " +
                       std::string(type_name(needed.type)) + ", which " + planned.entity->name +
                       " does not write");
      }
      instance->projection.push_back(static_cast<std::size_t>(found - columns.begin()));
    }
    mig_error error{};
    error.struct_size = sizeof error;
    const auto found = settings.find(validator->plugin->family);
    static const PluginSettings none;
    instance->self =
        validator->abi->begin((found != settings.end() ? *found->second : none).abi(), &error);
    if (instance->self == nullptr) instance->fail(std::string("does not start: ") + error.message);
    instance->host = {sizeof(mig_check), 0,
                      instance.get(),    Instance::on_report,
                      Instance::on_log,  Instance::on_cancelled};
    instances_.push_back(std::move(instance));
  }
}

RowValidators::~RowValidators() {
  for (const auto& instance : instances_) instance->validator->abi->end(instance->self);
}

std::vector<RowFinding> RowValidators::check(const mig_cell* cells, std::size_t width,
                                             const std::vector<std::uint32_t>& rows,
                                             std::uint64_t first_row) {
  std::vector<RowFinding> all;
  for (const auto& instance : instances_) {
    instance->cells.clear();
    instance->findings.clear();
    for (const std::uint32_t row : rows) {
      for (const std::size_t column : instance->projection) {
        instance->cells.push_back(cells[row * width + column]);
      }
    }
    const mig_batch batch{sizeof(mig_batch),
                          static_cast<std::uint32_t>(rows.size()),
                          static_cast<std::uint32_t>(instance->projection.size()),
                          0,
                          first_row,
                          instance->cells.data()};
    mig_error error{};
    error.struct_size = sizeof error;
    const auto status =
        instance->validator->abi->check(instance->self, &batch, &instance->host, &error);
    if (status != MIG_OK) instance->fail(std::string("failed: ") + error.message);
    if (!instance->fault.empty()) instance->fail(instance->fault);
    for (RowFinding& finding : instance->findings) {
      if (finding.row >= rows.size()) instance->fail("reported on a row that it was not shown");
      finding.row = rows[finding.row];
      all.push_back(std::move(finding));
    }
  }
  return all;
}

void RowValidators::finish() {
  for (const auto& instance : instances_) {
    mig_error error{};
    error.struct_size = sizeof error;
    if (instance->validator->abi->finish(instance->self, &instance->host, &error) != MIG_OK) {
      instance->fail(std::string("failed at the end: ") + error.message);
    }
  }
}

}  // namespace mighost
