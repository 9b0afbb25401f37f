#pragma once

namespace streamscope::app {

/// SIGINT and SIGTERM, or on Windows Ctrl+C and the console's closing, as something to look for. Made before any thread
/// starts, so that none of them is interrupted; one for the whole program.
class TerminationSignal {
 public:
  TerminationSignal();
  ~TerminationSignal();
  TerminationSignal(const TerminationSignal&) = delete;
  TerminationSignal& operator=(const TerminationSignal&) = delete;

  /// Whether the program has been asked to end.
  bool isRequested() const;
};

}  // namespace streamscope::app
