#include <benchmark/benchmark.h>

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QProcess>
#include <cstdlib>

// The program as a person starts it: how long until something is to be seen, what it weighs, how fast virtual time
// goes.

namespace {

constexpr int kPatienceMs = 120'000;
/// How long a window over a busy cluster runs before its memory is read.
constexpr int kRunMs = 5'000;

QProcessEnvironment offscreen() {
  QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
  environment.insert("QT_QPA_PLATFORM", "offscreen");
  return environment;
}

/// "VmRSS:  57996 kB" of a process; 0 where the system has no /proc.
double residentMiB(qint64 processId) {
  QFile status(QStringLiteral("/proc/%1/status").arg(processId));
  if (!status.open(QIODevice::ReadOnly)) return 0;
  for (const QByteArray& line : status.readAll().split('\n'))
    if (line.startsWith("VmRSS:")) return line.simplified().split(' ').at(1).toDouble() / 1024;
  return 0;
}

void waitForLine(QProcess& process, const QByteArray& text) {
  QByteArray output;
  while (!output.contains(text)) {
    if (!process.waitForReadyRead(kPatienceMs)) std::abort();
    output += process.readAllStandardOutput();
  }
}

void windowFirstFrame(benchmark::State& state) {
  double residentMax = 0;
  for (auto _ : state) {
    QProcess window;
    window.setProcessEnvironment(offscreen());
    QElapsedTimer clock;
    clock.start();
    window.start(STREAMSCOPE_PROGRAM, {"gui", "--port", "0", "--announce-first-frame",
                                       STREAMSCOPE_LESSONS "/01-first-light/traffic.lab.json"});
    waitForLine(window, "first frame painted");
    state.SetIterationTime(static_cast<double>(clock.nsecsElapsed()) * 1e-9);
    window.waitForFinished(kRunMs);
    residentMax = std::max(residentMax, residentMiB(window.processId()));
    window.kill();
    window.waitForFinished(kPatienceMs);
  }
  state.counters["resident_MiB"] = residentMax;
}

/// Three brokers, 100 records/s, one virtual hour.
void virtualHour(benchmark::State& state) {
  for (auto _ : state) {
    QElapsedTimer clock;
    clock.start();
    QProcess run;
    run.start(STREAMSCOPE_PROGRAM,
              {"run", STREAMSCOPE_LESSONS "/01-first-light/throughput-hour.lab.json", "--until", "1h"});
    if (!run.waitForFinished(kPatienceMs) || run.exitCode() != 0) std::abort();
    state.SetIterationTime(static_cast<double>(clock.nsecsElapsed()) * 1e-9);
  }
}

void serveReady(benchmark::State& state) {
  for (auto _ : state) {
    QProcess serve;
    QElapsedTimer clock;
    clock.start();
    serve.start(STREAMSCOPE_PROGRAM, {"serve", "--port", "0"});
    waitForLine(serve, "bootstrap servers:");
    state.SetIterationTime(static_cast<double>(clock.nsecsElapsed()) * 1e-9);
    serve.terminate();
    serve.waitForFinished(kPatienceMs);
  }
}

BENCHMARK(windowFirstFrame)->UseManualTime()->Unit(benchmark::kMillisecond)->Iterations(1)->Repetitions(5);
BENCHMARK(virtualHour)->UseManualTime()->Unit(benchmark::kSecond)->Iterations(1)->Repetitions(3);
BENCHMARK(serveReady)->UseManualTime()->Unit(benchmark::kMillisecond)->Iterations(1)->Repetitions(5);

}  // namespace

int main(int argc, char** argv) {
  QCoreApplication application(argc, argv);
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
