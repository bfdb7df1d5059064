"""A small operating system: tasks with states and priorities that send each other packets."""


class Packet:
    def __init__(self, sender, kind, size):
        self.sender = sender
        self.kind = kind
        self.size = size
        self.next = None


class Task:
    def __init__(self, name, priority):
        self.name = name
        self.priority = priority
        self.inbox = None
        self.last = None
        self.waiting = False
        self.handled = 0

    def send(self, packet):
        packet.next = None
        if self.inbox is None:
            self.inbox = packet
        else:
            self.last.next = packet
        self.last = packet
        self.waiting = False

    def take(self):
        packet = self.inbox
        if packet is not None:
            self.inbox = packet.next
        return packet

    def ready(self):
        return not self.waiting and self.inbox is not None

    def run(self, system):
        packet = self.take()
        if packet is None:
            self.waiting = True
            return
        self.handled += 1
        self.work(packet, system)

    def work(self, packet, system):
        raise NotImplementedError


class Worker(Task):
    def work(self, packet, system):
        packet.size = (packet.size * 31 + self.handled) % 4096
        packet.sender = self
        system.device(packet.size).send(packet)


class Device(Task):
    def __init__(self, name, priority):
        super().__init__(name, priority)
        self.bytes = 0

    def work(self, packet, system):
        self.bytes += packet.size
        packet.kind = "answer" if packet.kind == "request" else "request"
        packet.sender.send(packet)


class System:
    def __init__(self, workers, devices):
        self.workers = [Worker("worker %d" % i, i) for i in range(workers)]
        self.devices = [Device("device %d" % i, 10 + i) for i in range(devices)]
        self.tasks = sorted(self.workers + self.devices, key=lambda task: -task.priority)
        self.turns = 0

    def device(self, number):
        return self.devices[number % len(self.devices)]

    def run(self, turns):
        while self.turns < turns:
            for task in self.tasks:
                if task.ready():
                    task.run(self)
                    self.turns += 1


def main(n: int):
    system = System(6, 4)
    for number, worker in enumerate(system.workers):
        for size in range(5):
            worker.send(Packet(worker, "request", size * 17 + number))
    system.run(n)
    return system.turns, [task.handled for task in system.tasks], sum(device.bytes for device in system.devices)
