#include "lanes/source_snapshot.hpp"

#include "report/log.hpp"
#include "run/new_id.hpp"

namespace mighost {
Session SourceSnapshot::open(std::string& label) {
  const std::lock_guard lock(mutex_);
  Session session(config_.source, Session::Role::source, config_.load, name_);
  if (!exported_.empty() && join(session)) {
    label = label_;
    return session;
  }
  renew();
  if (!exported_.empty() && join(session)) {
    label = label_;
    return session;
  }
  if (!exported_.empty()) {
    throw Error(Exit::failed, "a snapshot of the source that was just exported is not there",
                session.endpoint().shown,
                "name one server instead of an address that stands for several, such as a reader "
                "endpoint; `mighost check` tells");
  }
  // A server that hands out no snapshots: this session has one of its own.
  session.begin_snapshot();
  session.query("SELECT 1");
  label = random_id().to_text();
  return session;
}

bool SourceSnapshot::join(Session& session) {
  session.begin_snapshot();
  try {
    session.execute("SET TRANSACTION SNAPSHOT " + quote_literal(exported_));
    return true;
  } catch (const SqlError& refused) {
    if (refused.error().connection_lost) throw;
    session.execute("ROLLBACK");
    return false;
  }
}

void SourceSnapshot::renew() {
  if (!label_.empty()) log_info("the snapshot of the source is gone; a new one is taken", {});
  exported_.clear();
  label_ = random_id().to_text();
  holder_ = std::make_unique<Session>(config_.source, Session::Role::source, config_.load, name_);
  holder_->begin_snapshot();
  try {
    exported_ = *holder_->query("SELECT pg_export_snapshot()").value();
  } catch (const SqlError& refused) {
    if (refused.error().connection_lost) throw;
    holder_.reset();
    log_info("the source exports no snapshot; each lane has its own",
             {{"reason", refused.error().safe_message()}});
  }
}

std::string SourceSnapshot::shared() {
  const std::lock_guard lock(mutex_);
  return exported_.empty() ? "" : label_ + " " + exported_;
}

void SourceSnapshot::adopt(const std::string& shared) {
  const std::lock_guard lock(mutex_);
  const std::size_t blank = shared.find(' ');
  if (blank == std::string::npos) return;
  label_ = shared.substr(0, blank);
  exported_ = shared.substr(blank + 1);
}

}  // namespace mighost
