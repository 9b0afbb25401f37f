#pragma once

#include <QString>
#include <map>
#include <optional>
#include <vector>

#include "lab/snapshot.h"
#include "shell/actions.h"
#include "shell/theme.h"
#include "world/trace.h"

namespace streamscope::ui {

/// The one sentence about the cluster that matters most now.
struct HeadlineText {
  enum class Severity : uint8_t { Calm, Good, Trouble };
  Severity severity = Severity::Calm;
  QString text;
  /// What would help.
  std::optional<LabAction> remedy;
};

/// Follows the trace for what a snapshot alone cannot say: who took over from a broker, who came back.
class Headline {
 public:
  /// How long a return is worth saying, in virtual time.
  static constexpr base::Duration kRecoverySaid = std::chrono::seconds(8);

  void take(const std::vector<world::TraceEvent>& events);
  HeadlineText current(const lab::Snapshot& snapshot) const;

 private:
  struct Takeover {
    base::TopicPartition partition;
    base::BrokerId leader = base::kNoBroker;
    base::LeaderEpoch epoch = 0;
  };
  QString takeovers(base::BrokerId broker) const;

  /// What other brokers took over from one, since it was last started.
  std::map<base::BrokerId, std::vector<Takeover>> m_takeovers;
  std::optional<base::BrokerId> m_returned;
  base::VirtualTime m_inSyncSince{};
};

}  // namespace streamscope::ui
