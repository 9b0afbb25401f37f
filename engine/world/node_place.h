#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/random.h"
#include "link.h"
#include "world/address.h"
#include "world/callback.h"
#include "world/injected_error.h"
#include "world/node.h"

namespace streamscope::world {

/// Something a node has to do that waits because the node is paused or works off what came before it.
struct WaitingWork {
  /// The timer it is, so that it can be cancelled while it waits; 0 for anything else.
  TimerId timer = 0;
  Callback work;
};

/// A node's place in the world. It stays when the node dies, with its storage and the number of lives so far.
struct NodePlace {
  Address address;
  /// address.toString(), kept because every request carries it as its client id.
  std::string name;
  /// Position among all places.
  uint32_t index = 0;

  // What stays from life to life. Without a factory the place is empty (not added yet, or removed).
  NodeFactory factory;
  std::unique_ptr<storage::Storage> storage;
  /// Ordered for it and not used up yet, the oldest first; see ErrorInjector.
  std::vector<InjectedError> injectedErrors;
  /// Grows with each death: what belongs to an older life is void.
  uint32_t life = 0;

  // One life.
  std::optional<base::Random> random;
  std::unique_ptr<NodeContext> context;
  /// Null when down.
  std::unique_ptr<Node> node;
  /// While its constructor runs.
  bool isBeingMade = false;
  bool isPaused = false;
  bool isStopping = false;
  /// It works off something that takes time; what comes meanwhile waits, and what it sends leaves then.
  base::VirtualTime busyUntil{};
  std::deque<WaitingWork> waiting;
  /// Parts that the answer to a request (its RequestReceived) gets beside the node's own.
  std::vector<std::pair<EventId, protocol::ResponseBody>> answersToAdd;

  /// Links to the other places, by their index; null where nothing was ever sent.
  std::vector<std::unique_ptr<Link>> linksTo;

  bool isUp() const { return node != nullptr; }
  /// New work goes behind what waits already.
  bool isHeld() const { return isPaused || !waiting.empty(); }
};

}  // namespace streamscope::world
