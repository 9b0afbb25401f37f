#include "iso_duration.h"

#include <array>
#include <charconv>
#include <cstdint>

namespace streamscope::client {

namespace {

struct Unit {
  char letter;
  bool isTime;
  int64_t microseconds;
};
constexpr std::array<Unit, 4> kUnits = {Unit{'D', false, 86'400'000'000}, Unit{'H', true, 3'600'000'000},
                                        Unit{'M', true, 60'000'000}, Unit{'S', true, 1'000'000}};
constexpr int64_t kCountMax = 100'000'000;

std::optional<int64_t> takeNumber(std::string_view& text) {
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || number < 0 || number > kCountMax || text.front() == '-') return std::nullopt;
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  return number;
}

/// ".5" in microseconds; what is finer is cut off.
int64_t takeFraction(std::string_view& text) {
  int64_t fraction = 0;
  int64_t place = 100'000;
  text.remove_prefix(1);
  while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
    fraction += (text.front() - '0') * place;
    place /= 10;
    text.remove_prefix(1);
  }
  return fraction;
}

}  // namespace

std::optional<base::Duration> parseIsoDuration(std::string_view text) {
  if (text.size() < 3 || text.front() != 'P') return std::nullopt;
  text.remove_prefix(1);
  int64_t total = 0;
  bool isTime = false;
  size_t nextUnit = 0;
  while (!text.empty()) {
    if (text.front() == 'T' && !isTime) {
      isTime = true;
      text.remove_prefix(1);
      if (text.empty()) return std::nullopt;
      continue;
    }
    const std::optional<int64_t> number = takeNumber(text);
    if (!number) return std::nullopt;
    const bool hasFraction = !text.empty() && text.front() == '.';
    const int64_t fraction = hasFraction ? takeFraction(text) : 0;
    while (nextUnit < kUnits.size() && (text.empty() || kUnits[nextUnit].letter != text.front())) ++nextUnit;
    if (nextUnit == kUnits.size() || kUnits[nextUnit].isTime != isTime) return std::nullopt;
    if (hasFraction && kUnits[nextUnit].letter != 'S') return std::nullopt;
    total += *number * kUnits[nextUnit].microseconds + fraction;
    ++nextUnit;
    text.remove_prefix(1);
  }
  return base::Duration(total);
}

}  // namespace streamscope::client
