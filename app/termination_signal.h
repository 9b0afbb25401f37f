#pragma once

namespace streamscope::app {

/// SIGINT and SIGTERM, or on Windows Ctrl+C and the console's closing, as something to wait for. Made before any thread
/// starts, so that none of them is interrupted; one for the whole program.
class TerminationSignal {
 public:
  TerminationSignal();
  ~TerminationSignal();
  TerminationSignal(const TerminationSignal&) = delete;
  TerminationSignal& operator=(const TerminationSignal&) = delete;

  /// Returns when the program is asked to end.
  void wait();
  /// Whether it has been asked; for a program that has its own loop.
  bool isRequested() const;
};

}  // namespace streamscope::app
