// Attacks every registered target with seeded mutations of its samples: the same bytes on every machine, in bounded
// time.
//
//   fuzz_NAME [--runs N] [--seed S]          all targets, N runs each
//   fuzz_NAME --target T --run R [--seed S]  one run again, as printed when it failed
//   fuzz_NAME --target T --file F            the bytes of a file

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>

#include "base/random.h"
#include "fuzz_registry.h"
#include "mutator.h"

namespace {

using namespace streamscope;

struct Options {
  uint64_t runs = 20'000;
  uint64_t seed = 1;
  std::string target;
  std::optional<uint64_t> onlyRun;
  std::string file;
};

/// What is being run, for the last words.
struct {
  char target[64] = "";
  unsigned long long seed = 0;
  unsigned long long run = 0;
} current;

extern "C" void onFatalSignal(int signal) {
  std::fprintf(stderr, "FAIL: --target %s --run %llu --seed %llu ended with signal %d\n", current.target, current.run,
               current.seed, signal);
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

std::optional<Options> parse(int argc, char** argv) {
  Options options;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string name = argv[i];
    const char* value = argv[i + 1];
    if (name == "--runs")
      options.runs = std::strtoull(value, nullptr, 10);
    else if (name == "--seed")
      options.seed = std::strtoull(value, nullptr, 10);
    else if (name == "--run")
      options.onlyRun = std::strtoull(value, nullptr, 10);
    else if (name == "--target")
      options.target = value;
    else if (name == "--file")
      options.file = value;
    else
      return std::nullopt;
  }
  if (argc % 2 == 0) return std::nullopt;
  return options;
}

void attack(const fuzz::Target& target, const Options& options) {
  const std::vector<base::Bytes> samples = target.samples();
  std::snprintf(current.target, sizeof current.target, "%s", target.name.c_str());
  current.seed = options.seed;
  for (const base::Bytes& sample : samples) target.run(sample);
  const base::Random root(options.seed);
  const uint64_t first = options.onlyRun.value_or(0);
  const uint64_t end = options.onlyRun ? first + 1 : options.runs;
  for (uint64_t run = first; run < end; ++run) {
    current.run = run;
    base::Random random = root.fork(run);
    target.run(fuzz::mutate(samples, random));
  }
  std::printf("%s: %zu samples, %llu runs\n", target.name.c_str(), samples.size(),
              static_cast<unsigned long long>(end - first));
}

void runFile(const fuzz::Target& target, const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  const std::string content((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  target.run(base::asBytes(content));
}

}  // namespace

int main(int argc, char** argv) {
  const std::optional<Options> options = parse(argc, argv);
  if (!options) {
    std::fprintf(stderr, "usage: %s [--runs N] [--seed S] [--target T [--run R | --file F]]\n", argv[0]);
    return 2;
  }
  for (const int signal : {SIGSEGV, SIGABRT, SIGFPE}) std::signal(signal, onFatalSignal);
  bool anyRan = false;
  for (const fuzz::Target& target : fuzz::registeredTargets()) {
    if (!options->target.empty() && options->target != target.name) continue;
    anyRan = true;
    options->file.empty() ? attack(target, *options) : runFile(target, options->file);
  }
  if (!anyRan) std::fprintf(stderr, "no target of this name\n");
  return anyRan ? 0 : 2;
}
