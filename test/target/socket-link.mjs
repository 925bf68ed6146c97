// A program that a terminal would run: carries a UNIX socket (a virtual machine's serial port).
import { connect } from 'node:net'

const socket = connect(process.argv[2] ?? '')
process.stdin.pipe(socket)
socket.pipe(process.stdout)
for (const end of ['close', 'error']) socket.on(end, () => process.exit(1))
