#pragma once
// COPY (query) TO STDOUT (FORMAT binary) on a session's raw connection, a row at a time.
#include <string>
#include <string_view>

#include "pg/session.hpp"

namespace mighost {

class CopyOut {
 public:
  /// Sends the statement. Throws SqlError.
  CopyOut(Session& session, const std::string& query);
  ~CopyOut();
  CopyOut(const CopyOut&) = delete;
  CopyOut& operator=(const CopyOut&) = delete;

  /// The next row (field count first), valid until the next call; false at the end. Throws
  /// SqlError.
  bool next(std::string_view& row);

 private:
  void finish();
  Session& session_;
  std::string statement_;
  char* buffer_ = nullptr;
  bool header_seen_ = false;
  bool done_ = false;
};

}  // namespace mighost
