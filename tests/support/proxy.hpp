#pragma once

// A TCP port of this machine in front of a server's Unix socket, and what a network can do to those
// who talk through it: cut them off, at once or after so many bytes, or go silent. A thread of the
// test's own process does the work.

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace mighost::test {

class Proxy {
 public:
  // `server` is the file that the server listens on. It may be away for a while: whoever connects
  // then is cut off.
  explicit Proxy(std::filesystem::path server);
  ~Proxy();
  Proxy(const Proxy&) = delete;
  Proxy& operator=(const Proxy&) = delete;

  int port() const { return port_; }
  std::string url(std::string_view database) const;

  // Resets all connections and says how many there were; new ones are passed on.
  std::size_t cut();
  // The same once so many bytes more have gone through, in both directions together.
  void cut_after(std::uint64_t bytes);
  // From now on every second connection reaches the other server, as behind the address of several
  // replicas.
  void take_turns_with(std::filesystem::path other);
  // Nothing goes through any more, and nobody is told. New connections wait too.
  void stall();
  // What has waited goes on; a cut that was to come does not come.
  void flow();

  std::size_t connections() const;
  // How many were reset since the beginning.
  std::size_t resets() const;
  // Since the beginning, in both directions together.
  std::uint64_t bytes() const { return bytes_; }

 private:
  struct Connection;
  enum class End { not_yet, orderly, broken };

  void work();
  void accept_one();
  End serve(Connection& connection);
  void cut_all();
  void wake();

  int listener_ = -1, port_ = 0, wake_ = -1;
  std::atomic<std::uint64_t> bytes_{0};

  mutable std::mutex mutex_;              // of everything below
  std::filesystem::path server_, other_;  // of the next connection, and of the one after it
  bool stalled_ = false, stop_ = false;
  std::uint64_t cut_at_ = 0;  // of bytes_; 0: never
  std::size_t resets_ = 0;
  std::list<Connection> connections_;
  std::thread thread_;
};

}  // namespace mighost::test
