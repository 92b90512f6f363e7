#include "report/screen.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

namespace mighost {
namespace {

// A pipe whose writing end is the screen.
class Pipe {
 public:
  Pipe() {
    int ends[2] = {-1, -1};
    EXPECT_EQ(pipe(ends), 0);
    read_end_ = ends[0];
    write_end_ = ends[1];
    EXPECT_EQ(fcntl(read_end_, F_SETFL, O_NONBLOCK), 0);
  }
  ~Pipe() {
    close(read_end_);
    close(write_end_);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  int writer() const { return write_end_; }
  /// What has been written since the last call.
  std::string written() const {
    std::string text;
    char buffer[4096];
    for (ssize_t got = 0; (got = read(read_end_, buffer, sizeof buffer)) > 0;) {
      text.append(buffer, static_cast<std::size_t>(got));
    }
    return text;
  }

 private:
  int read_end_ = -1, write_end_ = -1;
};

TEST(Screen, PrintsPlainTextWithoutLiveLines) {
  const Pipe pipe;
  Screen screen(pipe.writer());
  screen.print("a line\n");
  EXPECT_EQ(pipe.written(), "a line\n");
  screen.show({});
  EXPECT_EQ(pipe.written(), "") << "nothing to remove, nothing to write";
}

TEST(Screen, PaintsOverTheLinesBefore) {
  const Pipe pipe;
  Screen screen(pipe.writer());
  screen.show({"one", "two"});
  EXPECT_EQ(pipe.written(), "one\x1b[K\ntwo\x1b[K\n\x1b[J");
  screen.show({"one", "two"});
  EXPECT_EQ(pipe.written(), "") << "unchanged lines are not painted again";
  screen.show({"three"});
  EXPECT_EQ(pipe.written(), "\x1b[2A\rthree\x1b[K\n\x1b[J");
  screen.show({});
  EXPECT_EQ(pipe.written(), "\x1b[1A\r\x1b[J");
}

TEST(Screen, LogLinesGoAboveTheLiveLines) {
  const Pipe pipe;
  Screen screen(pipe.writer());
  screen.show({"live"});
  pipe.written();
  screen.print("logged\n");
  EXPECT_EQ(pipe.written(), "\x1b[1A\r\x1b[Jlogged\nlive\x1b[K\n");
  screen.show({});
  pipe.written();
  screen.print("logged\n");
  EXPECT_EQ(pipe.written(), "logged\n");
}

TEST(Screen, CutsLinesToTheTerminal) {
  const Pipe pipe;  // no terminal: 80 columns, 24 rows are taken for granted
  Screen screen(pipe.writer());
  screen.show({std::string(200, 'x')});
  EXPECT_EQ(pipe.written(), std::string(78, 'x') + "\u2026\x1b[K\n\x1b[J");
  screen.show(std::vector<std::string>(100, "entity"));
  const std::string text = pipe.written();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 23);
  EXPECT_NE(text.find("... and 78 more\x1b[K\n"), std::string::npos);
}

TEST(Screen, ControlCharactersInLiveLinesAreDefused) {
  const Pipe pipe;
  Screen screen(pipe.writer());
  screen.show({"evil\n\x1b[2J"});
  EXPECT_EQ(pipe.written(), "evil\\n\\x1b[2J\x1b[K\n\x1b[J");
}

TEST(Screen, SurvivesAClosedDescriptor) {
  Screen screen(-1);
  screen.show({"live"});
  screen.print("line\n");
  EXPECT_FALSE(write_fully(-1, "x"));
  EXPECT_EQ(errno, EBADF);
}

class TerminalTest : public testing::Test {
 protected:
  void SetUp() override {
    terminal_ = posix_openpt(O_RDWR | O_NOCTTY);
    if (terminal_ < 0) GTEST_SKIP() << "no pseudo terminal here";
    keep("TERM", term_);
    keep("NO_COLOR", no_color_);
    setenv("TERM", "xterm", 1);
    unsetenv("NO_COLOR");
  }
  void TearDown() override {
    if (terminal_ < 0) return;
    close(terminal_);
    restore("TERM", term_);
    restore("NO_COLOR", no_color_);
  }

  int terminal_ = -1;

 private:
  static void keep(const char* name, std::optional<std::string>& value) {
    if (const char* now = std::getenv(name)) value = now;
  }
  static void restore(const char* name, const std::optional<std::string>& value) {
    if (value) {
      setenv(name, value->c_str(), 1);
    } else {
      unsetenv(name);
    }
  }

  std::optional<std::string> term_, no_color_;
};

TEST_F(TerminalTest, ColorNeedsATerminalThatWantsIt) {
  EXPECT_TRUE(is_terminal(terminal_));
  EXPECT_TRUE(color_allowed(terminal_));
  setenv("NO_COLOR", "", 1);
  EXPECT_TRUE(color_allowed(terminal_)) << "an empty NO_COLOR counts as unset";
  setenv("NO_COLOR", "1", 1);
  EXPECT_FALSE(color_allowed(terminal_));
  EXPECT_TRUE(is_terminal(terminal_));
  unsetenv("NO_COLOR");
  setenv("TERM", "dumb", 1);
  EXPECT_FALSE(is_terminal(terminal_));
  EXPECT_FALSE(color_allowed(terminal_));
  const Pipe pipe;
  setenv("TERM", "xterm", 1);
  EXPECT_FALSE(is_terminal(pipe.writer()));
}

TEST_F(TerminalTest, AsksTheTerminalForItsSize) {
  ASSERT_EQ(grantpt(terminal_), 0);
  ASSERT_EQ(unlockpt(terminal_), 0);
  const int inside = open(ptsname(terminal_), O_RDWR | O_NOCTTY);
  ASSERT_GE(inside, 0);
  winsize size{};
  size.ws_row = 4;
  size.ws_col = 10;
  ASSERT_EQ(ioctl(inside, TIOCSWINSZ, &size), 0);
  Screen screen(inside);
  screen.show({"0123456789", "b", "c", "d", "e"});
  char buffer[512];
  const ssize_t got = read(terminal_, buffer, sizeof buffer);
  ASSERT_GT(got, 0);
  EXPECT_EQ(std::string(buffer, static_cast<std::size_t>(got)),
            "01234567\u2026\x1b[K\r\nb\x1b[K\r\n... and \u2026\x1b[K\r\n\x1b[J");
  close(inside);
}

}  // namespace
}  // namespace mighost
