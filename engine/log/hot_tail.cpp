#include "hot_tail.h"

#include <algorithm>
#include <cstring>

#include "log/record_batch.h"

namespace streamscope::log {
namespace {

/// What a run costs besides its bytes, so that many tiny ones are bounded too.
constexpr size_t kRunOverheadBytes = 128;

}  // namespace

HotTail::HotTail(HotTailPool& pool) : m_pool(pool), m_place(pool.m_byLastAppend.end()) {}

HotTail::~HotTail() {
  clear();
}

size_t HotTail::cost(const Run& run) {
  return run.bytes.size() + kRunOverheadBytes;
}

void HotTail::clear() {
  m_pool.m_bytes -= m_bytesHeld;
  m_bytesHeld = 0;
  if (m_place != m_pool.m_byLastAppend.end()) m_pool.m_byLastAppend.erase(m_place);
  m_place = m_pool.m_byLastAppend.end();
  m_runs = {};
}

void HotTail::dropFirst() {
  m_bytesHeld -= cost(m_runs.front());
  m_pool.m_bytes -= cost(m_runs.front());
  m_runs.pop_front();
  if (m_runs.empty()) clear();
}

void HotTail::add(Run run) {
  const size_t size = cost(run);
  m_bytesSinceReader += size;
  if (m_bytesSinceReader > kBytesMax || size > kBytesMax) {
    clear();
    return;
  }
  auto& order = m_pool.m_byLastAppend;
  if (m_place == order.end())
    m_place = order.insert(order.end(), this);
  else
    order.splice(order.end(), order, m_place);
  m_bytesHeld += size;
  m_pool.m_bytes += size;
  m_runs.push_back(std::move(run));
  while (m_bytesHeld > kBytesMax) dropFirst();
  while (m_pool.m_bytes > HotTailPool::kBytesMax) order.front()->dropFirst();
}

HotTail::Run HotTail::part(const Run& run, base::Offset from, base::Offset endExclusive, size_t bytesMax,
                           bool atLeastOneBatch) {
  Run result = run;
  size_t begin = 0;
  size_t end = 0;
  for (size_t at = 0; at < run.bytes.size();) {
    const BatchHeader header = scanBatch(run.bytes.view().subspan(at), false).header;
    const size_t next = at + header.sizeInBytes;
    if (header.lastOffset() < from) {
      begin = end = next;
    } else {
      const bool isFirst = begin == at;
      const bool fits = next - begin <= bytesMax || (isFirst && atLeastOneBatch);
      if (header.lastOffset() >= endExclusive || !fits) break;
      if (isFirst) result.firstOffset = header.baseOffset;
      result.endOffset = header.nextOffset();
      end = next;
    }
    at = next;
  }
  result.position += begin;
  result.bytes = run.bytes.slice(begin, end - begin);
  return result;
}

HotTail::Run HotTail::gather(size_t index, base::Offset endExclusive, size_t bytesMax) {
  size_t last = index;
  size_t total = m_runs[index].bytes.size();
  while (last + 1 < m_runs.size()) {
    const Run& next = m_runs[last + 1];
    const bool belongs = next.segmentBaseOffset == m_runs[index].segmentBaseOffset && next.endOffset <= endExclusive &&
                         total + next.bytes.size() <= bytesMax;
    if (!belongs) break;
    total += next.bytes.size();
    ++last;
  }
  if (last == index) return m_runs[index];

  auto [into, bytes] = base::SharedBytes::makeUninitialized(total);
  for (size_t i = index; i <= last; ++i) {
    std::memcpy(into, m_runs[i].bytes.data(), m_runs[i].bytes.size());
    into += m_runs[i].bytes.size();
  }
  Run& merged = m_runs[index];
  merged.endOffset = m_runs[last].endOffset;
  merged.bytes = std::move(bytes);
  const size_t saved = (last - index) * kRunOverheadBytes;
  m_bytesHeld -= saved;
  m_pool.m_bytes -= saved;
  const auto first = m_runs.begin() + static_cast<std::ptrdiff_t>(index);
  m_runs.erase(first + 1, first + 1 + static_cast<std::ptrdiff_t>(last - index));
  return m_runs[index];
}

std::optional<HotTail::Run> HotTail::read(base::Offset from, base::Offset endExclusive, size_t bytesMax,
                                          bool atLeastOneBatch) {
  const auto after = std::upper_bound(m_runs.begin(), m_runs.end(), from,
                                      [](base::Offset offset, const Run& run) { return offset < run.firstOffset; });
  if (after == m_runs.begin()) return std::nullopt;
  const Run& run = *std::prev(after);
  if (from >= run.endOffset) return std::nullopt;
  noteReader();
  ++m_hits;
  const bool isWhole = run.firstOffset == from && run.endOffset <= endExclusive && run.bytes.size() <= bytesMax;
  if (!isWhole) return part(run, from, endExclusive, bytesMax, atLeastOneBatch);
  return gather(static_cast<size_t>(std::prev(after) - m_runs.begin()), endExclusive, bytesMax);
}

}  // namespace streamscope::log
