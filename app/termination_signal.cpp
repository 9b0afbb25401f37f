#include "termination_signal.h"

#ifdef _WIN32
#include <windows.h>

#include <condition_variable>
#include <mutex>
#else
#include <pthread.h>

#include <csignal>
#endif

namespace streamscope::app {

#ifdef _WIN32
namespace {

struct ConsoleEvents {
  std::mutex mutex;
  std::condition_variable changed;
  bool isAskedToEnd = false;
  bool hasEnded = false;
};

ConsoleEvents& consoleEvents() {
  static ConsoleEvents events;
  return events;
}

BOOL WINAPI onConsoleEvent(DWORD) {
  ConsoleEvents& events = consoleEvents();
  std::unique_lock lock(events.mutex);
  events.isAskedToEnd = true;
  events.changed.notify_all();
  // For some events Windows ends the process as soon as this returns.
  events.changed.wait(lock, [&events] { return events.hasEnded; });
  return TRUE;
}

}  // namespace

TerminationSignal::TerminationSignal() {
  SetConsoleCtrlHandler(onConsoleEvent, TRUE);
}

TerminationSignal::~TerminationSignal() {
  ConsoleEvents& events = consoleEvents();
  const std::lock_guard lock(events.mutex);
  events.hasEnded = true;
  events.changed.notify_all();
}

bool TerminationSignal::isRequested() const {
  ConsoleEvents& events = consoleEvents();
  const std::lock_guard lock(events.mutex);
  return events.isAskedToEnd;
}

#else
namespace {

sigset_t terminationSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  return signals;
}

}  // namespace

TerminationSignal::TerminationSignal() {
  const sigset_t signals = terminationSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

TerminationSignal::~TerminationSignal() {
  const sigset_t signals = terminationSignals();
  // One still pending would end the process the moment it is let in.
  int which = 0;
  if (isRequested()) sigwait(&signals, &which);
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
}

bool TerminationSignal::isRequested() const {
  sigset_t pending;
  sigemptyset(&pending);
  sigpending(&pending);
  return sigismember(&pending, SIGINT) == 1 || sigismember(&pending, SIGTERM) == 1;
}
#endif

}  // namespace streamscope::app
