#include "duration_argument.h"

#include <QRegularExpression>
#include <cmath>

namespace streamscope::app {
namespace {

constexpr double kSecondsMax = 366.0 * 24 * 3600;

std::optional<base::Duration> fromSeconds(double seconds) {
  if (!(seconds <= kSecondsMax)) return std::nullopt;
  return base::Duration(std::llround(seconds * 1e6));
}

double secondsIn(const QString& unit) {
  if (unit == "h") return 3600;
  if (unit == "m" || unit == "min") return 60;
  if (unit == "ms") return 1e-3;
  if (unit == "us") return 1e-6;
  return 1;
}

}  // namespace

std::optional<base::Duration> parseDuration(const QString& text) {
  static const QRegularExpression clock(R"(\A(?:(\d+):)?(\d+):(\d+(?:\.\d+)?)\z)");
  static const QRegularExpression plain(R"(\A\d+(?:\.\d+)?\z)");
  static const QRegularExpression units(R"(\A(?:\d+(?:\.\d+)? ?(?:h|min|ms|m|us|s) ?)+\z)");
  static const QRegularExpression unit(R"((\d+(?:\.\d+)?) ?(h|min|ms|m|us|s))");
  if (const auto match = clock.match(text); match.hasMatch())
    return fromSeconds(match.captured(1).toDouble() * 3600 + match.captured(2).toDouble() * 60 +
                       match.captured(3).toDouble());
  if (plain.match(text).hasMatch()) return fromSeconds(text.toDouble());
  if (!units.match(text).hasMatch()) return std::nullopt;
  double seconds = 0;
  for (auto parts = unit.globalMatch(text); parts.hasNext();) {
    const auto part = parts.next();
    seconds += part.captured(1).toDouble() * secondsIn(part.captured(2));
  }
  return fromSeconds(seconds);
}

}  // namespace streamscope::app
