#include <chrono>
#include <string>

#include "boundary_host.hpp"
#include "commands.hpp"
#include "parts.hpp"

namespace mighost::bench {
namespace {

constexpr std::size_t rounds_default = 9;
constexpr std::uint32_t batch_rows = 4096;
constexpr std::size_t batches_per_round = 500;
constexpr double nanoseconds_max = 100;

constexpr char description[] = "Task 4711: check the fit, then polish then polish";

mig_cell integer(std::int64_t value, mig_type type = MIG_INT8) {
  mig_cell cell{};
  cell.as.i64 = value;
  cell.type = type;
  return cell;
}

mig_cell nullable(bool present, mig_cell cell) {
  if (!present) cell.flags = MIG_CELL_NULL;
  return cell;
}

mig_cell text(const char* data, std::size_t size) {
  mig_cell cell{};
  cell.as.data = data;
  cell.size = static_cast<std::uint32_t>(size);
  cell.type = MIG_TEXT;
  return cell;
}

// Rows of bench.tasks in the proportions of sql/source.sql.
std::vector<mig_cell> synthetic_rows() {
  std::vector<mig_cell> cells;
  for (std::int64_t n = 1; n <= batch_rows; ++n) {
    cells.push_back(integer(n));
    cells.push_back(integer(n % 100 < 85 ? 1 : 0, MIG_BOOL));
    cells.push_back(nullable(n % 11 == 0, integer(n / 3)));
    cells.push_back(integer(1 + n % 169));
    cells.push_back(nullable(n % 100 < 90, integer(n * 41'003'009, MIG_TIMESTAMPTZ)));
    cells.push_back(nullable(n % 10 < 3, text(description, sizeof description - 1)));
    cells.push_back(nullable(n % 5 == 0, integer(n / 20)));
    cells.push_back(integer(1000 + n));
    cells.push_back(nullable(n % 5 < 3, integer(1 + n % 211)));
    cells.push_back(nullable(n % 4 == 0, integer(1 + n / 4 % 2)));
  }
  return cells;
}

class Crossing {
 public:
  explicit Crossing(const mig_entity& entity)
      : entity_(entity), host_(entity, batch_rows), cells_(synthetic_rows()) {
    error_.struct_size = sizeof error_;
    if (std::size_t{entity.n_source_columns} * batch_rows != cells_.size()) {
      throw Failure("bench.tasks has other columns than the rows made for it");
    }
    const mig_settings no_settings{sizeof no_settings, 0, nullptr};
    self_ = entity_.begin(&no_settings, &error_);
    if (self_ == nullptr) throw Failure(std::string("the plugin: ") + error_.message);
    batch_.struct_size = sizeof batch_;
    batch_.rows = batch_rows;
    batch_.columns = entity.n_source_columns;
    batch_.cells = cells_.data();
  }
  ~Crossing() { entity_.end(self_); }
  Crossing(const Crossing&) = delete;
  Crossing& operator=(const Crossing&) = delete;

  // Nanoseconds for a row, over many batches.
  double measure() {
    const auto started = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < batches_per_round; ++i) cross();
    const std::chrono::duration<double, std::nano> lasted =
        std::chrono::steady_clock::now() - started;
    return lasted.count() / static_cast<double>(batches_per_round * batch_rows);
  }

 private:
  void cross() {
    host_.begin_batch();
    const mig_status status = entity_.transform(self_, &batch_, host_.services(), &error_);
    batch_.first_row += batch_rows;
    if (status != MIG_OK) throw Failure(std::string("the plugin: ") + error_.message);
    const mig_cell& order = host_.row(batch_rows - 1)[0];
    if (host_.emitted() != batch_rows || host_.resolved() != batch_rows ||
        host_.complaints() != 0 || order.type != MIG_UUID || order.flags != 0) {
      throw Failure("the plugin did not emit every row");
    }
  }

  const mig_entity& entity_;
  BoundaryHost host_;
  std::vector<mig_cell> cells_;
  mig_batch batch_{};
  mig_error error_{};
  void* self_ = nullptr;
};

}  // namespace

void measure_boundary(const Arguments& arguments, Report& report) {
  const std::size_t rounds = arguments.rounds.value_or(rounds_default);
  say("boundary: " + counted_rounds(rounds));
  const mig_entity& entity =
      open_entity(std::filesystem::path(MIGHOST_BENCH_PLUGINS_DIR) / "bench.mig.so", "tasks");
  Crossing crossing(entity);
  crossing.measure();  // warm-up
  Series nanoseconds;
  for (std::size_t round = 0; round < rounds; ++round) nanoseconds.add(crossing.measure());
  report.begin_part("boundary", std::to_string(entity.n_source_columns) + " columns in, " +
                                    std::to_string(entity.n_target_columns) +
                                    " out, 1 resolve; batches of " + grouped(batch_rows) +
                                    " rows, " + counted_rounds(rounds));
  report.add(Figure{"a row into the plugin and back", "ns", nanoseconds, 1});
  report.add(Verdict{"a row into the plugin and back", nanoseconds.median(), Bar::below,
                     nanoseconds_max, "ns"});
}

}  // namespace mighost::bench
