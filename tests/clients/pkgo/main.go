// Drives pkgo through all of its surface, and prints a JSON line for each step.
package main

func main() {
	r := newRun()
	for _, steps := range [][]step{
		systemSteps, memberSteps, groupSteps, switchSteps, messageSteps, rateLimitSteps,
	} {
		r.carryOut(steps)
	}
}
