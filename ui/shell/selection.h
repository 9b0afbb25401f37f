#pragma once

#include <QObject>
#include <string>
#include <variant>

#include "base/topic_partition.h"

namespace streamscope::ui {

struct BrokerSelected {
  base::BrokerId broker = 0;
  bool operator==(const BrokerSelected&) const = default;
};
struct ReplicaSelected {
  base::BrokerId broker = 0;
  base::TopicPartition partition;
  bool operator==(const ReplicaSelected&) const = default;
};
struct ControllerSelected {
  int32_t controller = 0;
  bool operator==(const ControllerSelected&) const = default;
};
struct ProducerSelected {
  std::string name;
  bool operator==(const ProducerSelected&) const = default;
};
struct ConsumerSelected {
  std::string name;
  bool operator==(const ConsumerSelected&) const = default;
};
/// The connections of one real client, drawn as one card (stage/external_clients.h).
struct ExternalSelected {
  std::string key;
  bool operator==(const ExternalSelected&) const = default;
};

/// What the person looks at; nothing, or one thing named by its identity so that it survives the next snapshot.
using Selection = std::variant<std::monostate, BrokerSelected, ReplicaSelected, ControllerSelected, ProducerSelected,
                               ConsumerSelected, ExternalSelected>;

/// The one selection every view shares.
class SelectionState : public QObject {
  Q_OBJECT
 public:
  using QObject::QObject;
  const Selection& current() const { return m_selection; }
  void select(Selection selection);

 signals:
  void changed();

 private:
  Selection m_selection;
};

/// The broker a selection is on or is; kNoBroker when it has none.
base::BrokerId brokerOf(const Selection& selection);

}  // namespace streamscope::ui
