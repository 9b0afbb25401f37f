#include "committed_offsets_survive.h"

namespace streamscope::lab {

void CommittedOffsetsSurvive::onEvent(const world::TraceEvent& event) {
  if (const auto* committed = std::get_if<world::OffsetCommitted>(&event.payload)) {
    m_committed[{committed->group, committed->partition}] = committed->offset;
  } else if (const auto* removed = std::get_if<world::CommittedOffsetRemoved>(&event.payload)) {
    m_committed.erase({removed->group, removed->partition});
  } else if (const auto* assigned = std::get_if<world::PartitionsAssigned>(&event.payload)) {
    for (const base::TopicPartition& partition : assigned->added)
      if (const auto offset = m_committed.find({assigned->group, partition}); offset != m_committed.end())
        m_begins[{assigned->client, partition}] = offset->second;
  } else if (const auto* consumed = std::get_if<world::RecordsConsumed>(&event.payload)) {
    onConsumed(*consumed);
  }
}

void CommittedOffsetsSurvive::onConsumed(const world::RecordsConsumed& consumed) {
  const auto begin = m_begins.find({consumed.client, consumed.partition});
  if (begin == m_begins.end()) return;
  const base::Offset first = consumed.position - consumed.records;
  if (first < begin->second && m_isHistoryKept(consumed.partition))
    broken(consumed.client.toString() + " begins " + consumed.partition.toString() + " at " + std::to_string(first) +
           ", but its group has committed " + std::to_string(begin->second));
  m_begins.erase(begin);
}

}  // namespace streamscope::lab
