#include "shell/ailments.h"

#include <QCoreApplication>

#include "shell/number_format.h"

namespace streamscope::ui {
namespace {

/// Below that a latency says nothing beside what else is wrong.
constexpr base::Duration kLatencyTold = std::chrono::milliseconds(5);

QString translated(const char* text) {
  return QCoreApplication::translate("Ailments", text);
}

QString perMille(int32_t count) {
  return QStringLiteral("%1 %").arg(count / 10.0, 0, 'g', 3);
}

QString signedDuration(base::Duration duration) {
  const bool isBehind = duration < base::Duration::zero();
  return (isBehind ? QChar(0x2212) : QLatin1Char('+')) + formatDuration(isBehind ? -duration : duration);
}

}  // namespace

QStringList ailmentsOf(const lab::DiskState& disk, const lab::ClockState& clock) {
  QStringList ailments;
  if (disk.isFailing) ailments << translated("failing disk");
  if (disk.isFull) ailments << translated("full disk");
  if (disk.losesSyncs) ailments << translated("lost syncs");
  if (disk.operationLatency.count() > 0) ailments << translated("slow disk");
  if (clock.offset.count() != 0 || clock.driftPpm != 0)
    ailments << translated("clock %1").arg(signedDuration(clock.offset));
  return ailments;
}

QString conditionsText(const world::LinkConditions& conditions) {
  QStringList parts;
  if (conditions.lossPerMille > 0) parts << translated("%1 lost").arg(perMille(conditions.lossPerMille));
  if (conditions.duplicatePerMille > 0) parts << translated("%1 doubled").arg(perMille(conditions.duplicatePerMille));
  if (conditions.bytesPerSecond > 0)
    parts << translated("%1/s").arg(formatBytes(static_cast<uint64_t>(conditions.bytesPerSecond)));
  if (parts.isEmpty() || conditions.latency >= kLatencyTold) parts.prepend(formatDuration(conditions.latency));
  return parts.join(QStringLiteral(", "));
}

}  // namespace streamscope::ui
