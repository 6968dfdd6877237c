"""What users say of answers: the answers that can be rated (`recent`), what is kept (`record`) and where (`store`)."""
