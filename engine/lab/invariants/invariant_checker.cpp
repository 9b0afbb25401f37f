#include "lab/invariant_checker.h"

#include <algorithm>

#include "acknowledged_records_survive.h"
#include "committed_metadata_survives.h"
#include "committed_offsets_survive.h"
#include "consumers_stay_below_high_watermark.h"
#include "high_watermark_never_goes_back.h"
#include "invariant.h"
#include "lab_cluster.h"
#include "logs_agree.h"
#include "metadata_images_agree.h"
#include "one_active_controller.h"
#include "one_leader_per_epoch.h"
#include "one_owner_per_generation.h"
#include "promises.h"
#include "records_stay_in_order.h"
#include "recovery_keeps_what_was_synced.h"
#include "replica_reader.h"

namespace streamscope::lab {

struct InvariantChecker::Impl {
  Impl(Lab& watched, Claims claims)
      : lab(watched),
        replicas(watched.world(), watched.description().brokers, LabCluster::controllerIdsOf(watched.description())),
        promises(watched.world(), replicas, watched.description(), claims) {
    invariants.push_back(std::make_unique<AcknowledgedRecordsSurvive>(replicas, promises));
    acknowledged = static_cast<const AcknowledgedRecordsSurvive*>(invariants.back().get());
    invariants.push_back(std::make_unique<LogsAgree>(replicas, promises));
    invariants.push_back(std::make_unique<HighWatermarkNeverGoesBack>(
        [this](const base::TopicPartition& partition) { return promises.isHistoryKept(partition); }));
    invariants.push_back(std::make_unique<OneLeaderPerEpoch>());
    invariants.push_back(std::make_unique<OneActiveController>());
    invariants.push_back(std::make_unique<ConsumersStayBelowHighWatermark>());
    invariants.push_back(std::make_unique<OneOwnerPerGeneration>());
    invariants.push_back(std::make_unique<CommittedOffsetsSurvive>(
        [this](const base::TopicPartition& partition) { return promises.isHistoryKept(partition); }));
    invariants.push_back(std::make_unique<RecordsStayInOrder>(replicas, promises));
    invariants.push_back(std::make_unique<MetadataImagesAgree>(replicas));
    invariants.push_back(std::make_unique<CommittedMetadataSurvives>(replicas));
    invariants.push_back(std::make_unique<RecoveryKeepsWhatWasSynced>(replicas));
  }

  Lab& lab;
  const ReplicaReader replicas;
  Promises promises;
  std::vector<std::unique_ptr<Invariant>> invariants;
  const AcknowledgedRecordsSurvive* acknowledged = nullptr;
  uint64_t subscription = 0;
};

InvariantChecker::InvariantChecker(Lab& lab, Claims claims) : m_impl(std::make_unique<Impl>(lab, claims)) {
  m_impl->subscription = lab.subscribe([this](const world::TraceEvent& event) {
    m_impl->promises.onEvent(event);
    for (const auto& invariant : m_impl->invariants) invariant->observe(event);
  });
}

InvariantChecker::~InvariantChecker() {
  m_impl->lab.unsubscribe(m_impl->subscription);
}

void InvariantChecker::checkNow() {
  for (const auto& invariant : m_impl->invariants) invariant->checkAt(m_impl->lab.now());
}

bool InvariantChecker::isAnyBroken() const {
  return std::ranges::any_of(m_impl->invariants, [](const auto& each) { return !each->violations().empty(); });
}

std::vector<Breach> InvariantChecker::breaches() const {
  std::vector<Breach> all;
  for (const auto& invariant : m_impl->invariants)
    for (const Invariant::Violation& violation : invariant->violations())
      all.push_back({std::string(invariant->promise()), violation.how, violation.at});
  return all;
}

std::vector<std::string> InvariantChecker::violations() const {
  std::vector<std::string> all;
  for (const Breach& breach : breaches()) all.push_back(breach.toString());
  return all;
}

std::vector<std::string> InvariantChecker::promises() const {
  std::vector<std::string> all;
  for (const auto& invariant : m_impl->invariants) all.emplace_back(invariant->promise());
  return all;
}

int64_t InvariantChecker::batchesAcknowledged() const {
  return m_impl->acknowledged->batchesAcknowledged();
}

}  // namespace streamscope::lab
