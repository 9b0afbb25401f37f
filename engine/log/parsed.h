#pragma once

#include <cstdint>
#include <string>
#include <tl/expected.hpp>

#include "base/result.h"

namespace streamscope::log {

/// Why a small file could not be read: it ends early (torn) or says something impossible (damaged).
struct ParseProblem {
  bool isTorn = false;
  uint64_t atByte = 0;
  std::string reason;
};

template <class T>
using Parsed = tl::expected<T, ParseProblem>;

inline tl::unexpected<ParseProblem> torn(uint64_t atByte, std::string reason) {
  return tl::unexpected<ParseProblem>(ParseProblem{true, atByte, std::move(reason)});
}
inline tl::unexpected<ParseProblem> damaged(uint64_t atByte, std::string reason) {
  return tl::unexpected<ParseProblem>(ParseProblem{false, atByte, std::move(reason)});
}

/// "/data/x is damaged at byte 12: ...; <remedy>."
inline std::string sentence(const std::string& file, const ParseProblem& problem, const std::string& remedy) {
  return file + (problem.isTorn ? " ends early at byte " : " is damaged at byte ") + std::to_string(problem.atByte) +
         ": " + problem.reason + "; " + remedy + ".";
}

}  // namespace streamscope::log
