#pragma once
// The lines of `mighost check` as they come in.
#include <functional>
#include <string>
#include <vector>

#include "pg/session.hpp"
#include "plan/check.hpp"
#include "report/error.hpp"

namespace mighost {

class CheckList {
 public:
  void pass(std::string name, std::string message) {
    lines.push_back({"PASS", std::move(name), std::move(message), {}});
  }
  void warn(std::string name, std::string message, std::string remedy) {
    lines.push_back({"WARN", std::move(name), std::move(message), std::move(remedy)});
  }
  void fail(std::string name, std::string message, std::string remedy) {
    lines.push_back({"FAIL", std::move(name), std::move(message), std::move(remedy)});
  }
  void not_run(std::string name, const std::string& because) {
    fail(std::move(name), "not run: " + because, "repair what failed before, and check again");
  }

  /// Makes one check. What the server refuses or the host throws becomes its failure.
  void make(const std::string& name, const std::function<void()>& check) {
    try {
      check();
    } catch (const SqlError& refused) {
      fail(name, "the server refuses the question: " + refused.error().safe_message(),
           "allow the role to ask, or use another role");
    } catch (const Error& error) {
      const std::string where = error.where().empty() ? "" : " (" + error.where() + ")";
      fail(name, error.message() + where, error.next());
    } catch (const std::exception& failure) {
      fail(name, failure.what(), "this is unexpected: please report it");
    }
  }

  std::vector<CheckLine> lines;
};

}  // namespace mighost
