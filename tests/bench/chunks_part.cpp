#include <chrono>
#include <csignal>
#include <map>
#include <thread>

#include "families_floor.hpp"
#include "family_databases.hpp"
#include "figures.hpp"
#include "parts.hpp"

namespace mighost::bench {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t rounds_default = 3;
constexpr double chunk_ratio_max = 1.25, checkpoint_cost_max = 0.03, resume_seconds_max = 2;
// Larger than any table: each entity is one chunk.
constexpr char one_chunk[] = "chunk_rows = 1000000000\n";

// Until a COPY into the target has moved a row, or a minute has gone.
constexpr char first_row_sql[] = R"sql(
DO $$
BEGIN
  FOR attempt IN 1..12000 LOOP
    PERFORM pg_stat_clear_snapshot();
    IF EXISTS (SELECT FROM pg_stat_progress_copy WHERE command = 'COPY FROM'
               AND tuples_processed > 0 AND datname = current_database()) THEN
      RETURN;
    END IF;
    PERFORM pg_sleep(0.005);
  END LOOP;
  RAISE EXCEPTION 'resume was not seen to move a row';
END $$)sql";

std::string chunked(int lanes, const std::string& more = {}, const std::string& memory = {}) {
  std::string config = without_comparing;
  config += "[transaction]\nscope = \"chunk\"\nlanes = " + std::to_string(lanes) + "\n" + more;
  if (!memory.empty()) config += "[load]\nmemory = \"" + memory + "\"\n";
  return config;
}

class Chunks {
 public:
  Chunks(const FamilyDatabases& families, std::string plugins)
      : families_(families), plugins_(std::move(plugins)) {}

  Migration run(const std::string& config) const {
    families_.empty(families_.databases.target_url);
    return migrate(families_.databases, plugins_, {}, config);
  }

  // Seconds until both of two processes with a lane each have ended.
  double two_processes() const {
    families_.empty(families_.databases.target_url);
    const std::string config = chunked(1);
    const auto started = std::chrono::steady_clock::now();
    test::Process first(command("run", {}, config, "first.json"));
    test::Process second(command("run", {"--join", wait_for_run()}, config, "second.json"));
    const test::Outcome ends[] = {first.wait(), second.wait()};
    for (const test::Outcome& end : ends) {
      if (end.exit_code != 0) throw Failure("one of two processes failed: " + end.error);
    }
    return seconds_since(started);
  }

  // Seconds from the command `resume` to the first row that it sends, after a kill half-way.
  double first_row_after_kill(double whole_seconds) const {
    families_.empty(families_.databases.target_url);
    const std::string config = chunked(1);
    test::Process killed(command("run", {}, config, "killed.json"));
    std::this_thread::sleep_for(std::chrono::duration<double>(whole_seconds / 2));
    killed.kill(SIGKILL);
    killed.wait();
    const auto started = std::chrono::steady_clock::now();
    test::Process resumed(command("resume", {}, config, "resumed.json"));
    // Within the server: asking from outside takes the machine from what is measured.
    sql(families_.databases.target_url, first_row_sql);
    const double seconds = seconds_since(started);
    if (resumed.wait().exit_code != 0) throw Failure("resume failed: " + resumed.error());
    return seconds;
  }

 private:
  test::Command command(const std::string& word, const std::vector<std::string>& options,
                        const std::string& config, const std::string& report) const {
    return mighost_command(word, families_.databases, plugins_, options, config,
                           work_directory() / report);
  }

  static double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  }

  // Of the run that has just been begun.
  std::string wait_for_run() const {
    const std::string& url = families_.databases.target_url;
    for (int attempt = 0; attempt < 1000; ++attempt) {
      if (sql(url, "SELECT to_regclass('mighost.chunks') IS NOT NULL") == "t") {
        const std::string run =
            sql(url,
                "SELECT run_id FROM mighost.runs WHERE status = 'running' AND snapshot IS "
                "NOT NULL");
        if (!run.empty()) return run;
      }
      std::this_thread::sleep_for(10ms);
    }
    throw Failure("the run did not begin");
  }

  const FamilyDatabases& families_;
  const std::string plugins_;
};

}  // namespace

void measure_chunks(test::Cluster& cluster, const Arguments& arguments, Report& report) {
  const std::size_t rounds = arguments.rounds.value_or(rounds_default);
  const FamilyDatabases families(cluster, "chunks");
  families.fill(arguments.preset);
  const FamiliesFloor floor(families.databases.target_url, families.clone_url);
  const Chunks chunks(families, MIGHOST_BINARY_DIR "/families");
  Series whole, floors, uncut, joined, resumed;
  std::map<int, Series> lanes;
  std::map<std::string, Series> memory;
  double rows = 0;
  for (std::size_t round = 1; round <= rounds; ++round) {
    say("chunks: round " + std::to_string(round) + " of " + std::to_string(rounds));
    const Migration run = chunks.run(without_comparing);
    rows = run.report.at("totals").at("read").get<double>();
    whole.add(run.seconds);
    // Checkpoints cost less than the machine's pace changes: one run before, one behind.
    const auto seconds_uncut = [&] { return chunks.run(chunked(1, one_chunk)).seconds; };
    const double before = seconds_uncut();
    lanes[1].add(chunks.run(chunked(1)).seconds);
    uncut.add((before + seconds_uncut()) / 2);
    for (const int number : {2, 4}) lanes[number].add(chunks.run(chunked(number)).seconds);
    joined.add(chunks.two_processes());
    families.empty(families.clone_url);
    floors.add(floor.load());
    resumed.add(chunks.first_row_after_kill(lanes[1].values().back()));
    for (const char* setting : {"64MiB", "128MiB", "512MiB"}) {
      memory[setting].add(chunks.run(chunked(2, {}, setting)).resident_mib);
    }
  }
  report.begin_part("chunks", "all families, preset " + arguments.preset + ", " + grouped(rows) +
                                  " rows read, " + counted_rounds(rounds));
  report.add(Figure{"scope run", "s", whole});
  for (const auto& [number, seconds] : lanes) {
    report.add(Figure{"scope chunk, lanes: " + std::to_string(number), "s", seconds});
  }
  report.add(Figure{"scope chunk, 2 processes of one lane", "s", joined});
  report.add(Figure{"scope chunk, 1 lane, one chunk for each entity", "s", uncut});
  report.add(Figure{"floor: finished tables, psql to psql", "s", floors});
  report.add(Figure{"scope chunk, 1 lane / floor", "", ratios(lanes[1], floors)});
  report.add(Figure{"resume after a kill half-way, to its first row", "s", resumed});
  for (const auto& [setting, resident] : memory) {
    report.add(Figure{"peak memory, 2 lanes, memory = " + setting, "MiB", resident, 1});
  }
  const Series best = ratios(lanes[2], whole), one = ratios(lanes[1], whole);
  report.add(Figure{"scope chunk, 1 lane / scope run, round by round", "", one});
  report.add(Figure{"scope chunk, 2 lanes / scope run, round by round", "", best});
  report.add(
      Verdict{"scope chunk, 1 lane / scope run", one.median(), Bar::at_most, chunk_ratio_max, ""});
  const Series cost = ratios(lanes[1], uncut);
  report.add(Verdict{"cost of checkpoints: 1 lane / one chunk for each entity - 1",
                     cost.median() - 1, Bar::at_most, checkpoint_cost_max, ""});
  report.add(
      Verdict{"resume to its first row", resumed.median(), Bar::below, resume_seconds_max, "s"});
}

}  // namespace mighost::bench
